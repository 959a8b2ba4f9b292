import { send } from '../Workbench/calls';
import { mountDashboard, type Opened } from './dashboard';

const page = document.getElementById('dashboard');
if (page !== null) {
  mountDashboard(page, async () => (await send<Opened>('POST', '/api/reports/dashboard'))!);
}
