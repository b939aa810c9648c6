const { BrowserWindow, ipcMain, shell } = require('electron');

// ruleid: electron-node-integration
const a = new BrowserWindow({ width: 800, webPreferences: { nodeIntegration: true } });
// ruleid: electron-node-integration
const b = new BrowserWindow({ webPreferences: { preload, allowRunningInsecureContent: true } });
// ruleid: electron-isolation-off
const c = new BrowserWindow({ webPreferences: { contextIsolation: false } });
// ruleid: electron-isolation-off
const d = new BrowserWindow({ webPreferences: { webSecurity: false } });
// ok: electron-node-integration, electron-isolation-off
const e = new BrowserWindow({ webPreferences: { nodeIntegration: false, contextIsolation: true } });
// ok: electron-node-integration, electron-isolation-off
const f = new BrowserWindow({ width: 800 });

ipcMain.on('open', (event, url) => {
  // ruleid: electron-open-external
  shell.openExternal(url);
});
ipcMain.handle('file', async (event, file) => {
  // ruleid: electron-open-external
  await shell.openPath(file);
});
ipcMain.on('help', (event, url) => {
  if (!url.startsWith('https://')) return;
  // ok: electron-open-external
  shell.openExternal(url);
});
ipcMain.on('about', () => {
  // ok: electron-open-external
  shell.openExternal('https://app.example/about');
});
