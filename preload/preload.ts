import { contextBridge, ipcRenderer } from 'electron';
import { nativeChannels, type NativeBridge } from '../contract/native-bridge.ts';

const listeners = new Set<(command: string) => void>();
const unheard: string[] = [];

ipcRenderer.on(nativeChannels.command, (_event, command: string) => {
  if (listeners.size === 0) unheard.push(command);
  for (const listener of listeners) listener(command);
});

// The one thing that cannot cross the bridge; handed to this page only, whatever else is in the window.
ipcRenderer.on(nativeChannels.port, (event, requestId: string) => {
  window.postMessage({ benchtopPort: requestId }, window.location.origin, [...event.ports]);
});

// Every function is written out: the page never gets hold of ipcRenderer or a channel's name.
const bridge: NativeBridge = {
  requestPort: (requestId) => ipcRenderer.send(nativeChannels.requestPort, requestId),
  chooseFolder: () => ipcRenderer.invoke(nativeChannels.chooseFolder) as Promise<string | null>,
  reveal: (path) => ipcRenderer.invoke(nativeChannels.reveal, path) as Promise<boolean>,
  notify: (title, body) => ipcRenderer.invoke(nativeChannels.notify, title, body) as Promise<void>,
  setTheme: (theme) => ipcRenderer.invoke(nativeChannels.setTheme, theme) as Promise<void>,
  onCommand(listener) {
    listeners.add(listener);
    for (const command of unheard.splice(0)) listener(command);
    return () => {
      listeners.delete(listener);
    };
  },
};
contextBridge.exposeInMainWorld('benchtopNative', bridge);
