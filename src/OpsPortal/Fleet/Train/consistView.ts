import { CAR, layOut } from './consist';
import { type SensorView, valueWords } from './sensorState';
import { freshWords } from './values';

const SVG = 'http://www.w3.org/2000/svg';

// One shape per meaning, the same as everywhere (see marks.css), around the origin.
const SHAPES: Record<string, string> = {
  critical: 'M0-11 11 0 0 11-11 0z',
  warning: 'M0-10 11 8.5H-11z',
  watch: 'M9 0A9 9 0 1 1-9 0 9 9 0 1 1 9 0z',
  ok: 'M6 0A6 6 0 1 1-6 0 6 6 0 1 1 6 0z',
  stale: 'M6.5 0A6.5 6.5 0 1 1-6.5 0 6.5 6.5 0 1 1 6.5 0z',
  unknown: 'M6.5 0A6.5 6.5 0 1 1-6.5 0 6.5 6.5 0 1 1 6.5 0z',
};

/** The train seen from above with every sensor in its place. Drawn anew only when cars or sensors change. */
export function mountConsist(frame: HTMLElement, select: (sensor: string) => void): (sensors: readonly SensorView[], cars: number | null, selected: string | null) => void {
  let drawn = '';
  let isScrolled = false;
  const activate = (event: Event) => {
    const sensor = (event.target as Element).closest<SVGElement>('[data-sensor]')?.dataset['sensor'];
    if (sensor !== undefined && (!(event instanceof KeyboardEvent) || event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      select(sensor);
    }
  };
  frame.addEventListener('click', activate);
  frame.addEventListener('keydown', activate);
  return (sensors, cars, selected) => {
    const wanted = `${cars} ${sensors.map((view) => view.sensor.id).join(' ')}`;
    if (drawn !== wanted) {
      drawn = wanted;
      frame.replaceChildren(draw(sensors, cars));
      isScrolled = false;
    }

    const marks = new Map([...frame.querySelectorAll<SVGElement>('[data-sensor]')].map((element) => [element.dataset['sensor'], element]));
    sensors.forEach((view) => update(marks.get(view.sensor.id)!, view, selected));
    isScrolled ||= scrollToAlert(frame);
  };
}

function draw(sensors: readonly SensorView[], cars: number | null): SVGElement {
  const consist = layOut(sensors.map((view) => view.sensor.id), cars);
  const [width, height] = [consist.width + 28, consist.height + 48];
  const root = element('svg', { width: `${width}`, height: `${height}`, viewBox: `-14 -16 ${width} ${height}`, role: 'group', 'aria-label': `The train from above, ${consist.cars.length} ${consist.cars.length === 1 ? 'car' : 'cars'}, left side up` });
  for (const car of consist.cars) {
    const group = element('g', { class: 'car', transform: `translate(${car.x} 0)` });
    for (const at of CAR.axles) {
      group.append(element('path', { class: 'axle', d: `M${at} ${CAR.edge - 2}V${CAR.height - CAR.edge + 2}` }));
    }

    group.append(element('rect', { class: 'body', x: '0', y: `${CAR.edge + 8}`, width: `${CAR.width}`, height: `${CAR.height - 2 * CAR.edge - 16}`, rx: '9' }));
    const label = element('text', { x: `${CAR.width / 2}`, y: `${CAR.height + 22}` });
    label.textContent = `car ${car.number}`;
    group.append(label);
    root.append(group);
  }

  for (const spot of consist.spots) {
    const group = element('g', { class: 'spot', transform: `translate(${spot.x} ${spot.y})`, tabindex: '0', role: 'button', 'data-sensor': spot.id });
    group.append(element('circle', { class: 'target', r: '13' }), element('path', { class: 'shape' }), element('title', {}));
    root.append(group);
  }

  return root;
}

// Where the whole train has no room, the car with an alert is the one to see first.
function scrollToAlert(frame: HTMLElement): boolean {
  const spot = frame.querySelector('.spot:is([data-state=critical], [data-state=warning], [data-state=watch])');
  if (spot === null) {
    return false;
  }

  const [box, outer] = [spot.getBoundingClientRect(), frame.getBoundingClientRect()];
  frame.scrollLeft += box.left + box.width / 2 - outer.left - outer.width / 2;
  return true;
}

function update(mark: SVGElement, view: SensorView, selected: string | null): void {
  const { sensor } = view;
  const words = `${sensor.words}: ${valueWords(sensor.value, sensor.unit, sensor.decimals)}`;
  set(mark, 'data-state', view.state);
  set(mark, 'data-stale', String(view.isStale));
  set(mark, 'aria-pressed', String(selected === sensor.id));
  // No age in the name: a name that changes every second is read out every second.
  set(mark, 'aria-label', `${words}${view.alert === null ? '' : `, ${view.alert.severity} alert`}${view.isStale ? ', not current' : ''}`);
  set(mark.querySelector('.shape')!, 'd', SHAPES[view.state]!);
  const title = mark.querySelector('title')!;
  const tip = `${words}, ${freshWords(view)}`;
  if (title.textContent !== tip) {
    title.textContent = tip;
  }
}

function element(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}

function set(target: Element, name: string, value: string): void {
  if (target.getAttribute(name) !== value) {
    target.setAttribute(name, value);
  }
}
