// Thins the lines of a TopoJSON topology arc by arc (Douglas-Peucker), so that neighbours keep sharing their border.

/** @param tolerance degrees that a line may be off, by where the arc begins. */
export function thinArcs(topology, tolerance) {
  const { scale, translate } = topology.transform;
  const arcs = topology.arcs.map((arc) => {
    let x = 0;
    let y = 0;
    const points = arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
    return thin(points, tolerance(points[0]));
  });
  return { type: topology.type, objects: topology.objects, arcs };
}

function thin(points, tolerance) {
  const keep = new Uint8Array(points.length);
  keep[0] = keep[points.length - 1] = 1;
  const spans = [[0, points.length - 1]];
  while (spans.length > 0) {
    const [first, last] = spans.pop();
    const [furthest, distance] = furthestFrom(points, first, last);
    if (distance > tolerance) {
      keep[furthest] = 1;
      spans.push([first, furthest], [furthest, last]);
    }
  }
  return points.filter((_, index) => keep[index] === 1);
}

function furthestFrom(points, first, last) {
  let furthest = first;
  let distance = 0;
  for (let index = first + 1; index < last; index++) {
    const off = distanceToSpan(points[index], points[first], points[last]);
    if (off > distance) {
      furthest = index;
      distance = off;
    }
  }
  return [furthest, distance];
}

function distanceToSpan([x, y], [ax, ay], [bx, by]) {
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}
