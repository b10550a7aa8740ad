import { spawn } from 'node:child_process';

/** Opens an address in the default browser; with no display it says so, and the printed address is what is left. */
export function openInBrowser(url: string): void {
  const [program, ...args] = openerOf(process.platform);
  if (
    process.platform === 'linux' &&
    process.env.DISPLAY === undefined &&
    process.env.WAYLAND_DISPLAY === undefined
  ) {
    console.error('benchtop: no display here; open the address above in a browser on this machine.');
    return;
  }
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () =>
    console.error('benchtop: no browser could be opened; open the address above yourself.'),
  );
  child.unref();
}

function openerOf(platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  // The empty argument is the window title that `start` expects before an address.
  if (platform === 'win32') return ['cmd', '/c', 'start', ''];
  return ['xdg-open'];
}
