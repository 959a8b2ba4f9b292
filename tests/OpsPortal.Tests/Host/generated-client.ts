// A client whose types were generated from the portal's own description: it must compile as strictly as can be, and work.
import createClient from 'openapi-fetch';
import type { components, paths } from './schema';

type Train = components['schemas']['TrainJson'];

const [address, token, trainId] = process.argv.slice(2) as [string, string, string];
const portal = createClient<paths>({ baseUrl: address, headers: { authorization: `Bearer ${token}` } });

function told<T>(answer: { data?: T; error?: components['schemas']['ProblemDetails'] }): T {
  if (answer.data === undefined) {
    throw new Error(answer.error?.detail ?? 'no answer');
  }

  return answer.data;
}

const fleet = told(await portal.GET('/api/fleet', { params: { query: { limit: '10' } } }));
const names: string[] = fleet.items.map((train: Train) => train.name);
const detail = told(await portal.GET('/api/trains/{id}', { params: { path: { id: trainId } } }));
const alerts = told(await portal.GET('/api/alerts', { params: { query: { train: trainId } } }));
const shadow = told(await portal.GET('/api/trains/{id}/shadow', { params: { path: { id: trainId } } }));
const sensor = detail.sensors[0]!.id;
const readings = told(await portal.GET('/api/trains/{id}/readings', { params: { path: { id: trainId }, query: { sensor } } }));
const first: number = readings.points.length;
const refused = await portal.GET('/api/trains/{id}', { params: { path: { id: 'no-such-train' } } });
const network = told(await portal.GET('/api/network', {}));

console.log(`fleet ${names.length} sensors ${detail.sensors.length} alerts ${alerts.items.length} version ${shadow.version} points ${first >= 0} lines ${network.lines.features.length > 0} refused ${refused.response.status} ${refused.error?.status}`);
