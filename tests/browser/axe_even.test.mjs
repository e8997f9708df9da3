// Half of the pages: see axe.mjs.

import { lookAt } from './axe.mjs';

lookAt(0);
