export { AddMonitorDialog } from './add-monitor-dialog.tsx';
