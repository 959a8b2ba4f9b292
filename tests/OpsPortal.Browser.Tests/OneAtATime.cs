// Every class starts a fleet and a browser of its own, and what it asserts is what appears in time: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
