namespace OpsPortal.Core.Detection.RandomCutForest;

/// <content>What must always hold, written down so that tests can ask for it.</content>
internal sealed partial class CutTree
{
    /// <exception cref="InvalidOperationException">Something does not hold; says what.</exception>
    public void Verify()
    {
        var leaves = 0;
        var inner = 0;
        if (_root != None)
        {
            Require(_parent[_root] == None, "the root has a parent");
            Verify(_root, ref leaves, ref inner);
            Require(inner == leaves - 1, "inner nodes are not one fewer than leaves");
        }

        Require(_freeLeaves.Count == _firstLeaf + 1 - leaves && _freeInner.Count == _firstLeaf - inner, "nodes are lost");
    }

    private void Verify(short node, ref int leaves, ref int inner)
    {
        if (IsLeaf(node))
        {
            leaves++;
            Require(_mass[node] > 0, "a leaf has no mass");
            return;
        }

        inner++;
        var (left, right, cut, dimension) = (_left[node], _right[node], _cutValue[node], _cutDimension[node]);
        Require(_parent[left] == node && _parent[right] == node, "a child does not know its parent");
        Verify(left, ref leaves, ref inner);
        Verify(right, ref leaves, ref inner);
        Require(_mass[node] == _mass[left] + _mass[right], "a mass is not the sum of its children's");
        Require(Highs(left)[dimension] <= cut && cut < Lows(right)[dimension], "a cut does not part its two sides");
        Require(!TryShrink(node), "a box is not the union of its children's");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"The tree is broken: {otherwise}.");
        }
    }
}
