// The dashboard's script. Every page works without it; with it, pages stay current by themselves, forms are sent
// in place, and edits show before the server has answered.
import { startBoard } from './board.js';
import { startForms } from './forms.js';
import { startInline } from './inline.js';
import { startInstall } from './install.js';
import { startLive } from './live.js';
import { startLookups } from './lookup.js';
import { startNotices } from './notices.js';
import { startPage } from './page.js';
import { startPalette } from './palette.js';
import { startReference } from './reference.js';
import { startSelection } from './selection.js';
import { startTheme } from './themes.js';
import { startTimes } from './times.js';
import { startTyped } from './typed.js';

startPage();
startTheme();
startTimes();
startNotices();
startForms();
startInline();
startSelection();
startLookups();
startPalette();
startBoard();
startReference();
startTyped();
startLive();
startInstall();
