// board.js: cards of the board are dragged between columns. The card stays where it was dropped while the server is
// asked, and goes back when it refuses. With the keyboard, the card's menu has the same move as a form.
import Sortable from 'sortablejs';
import { change } from './api.js';
import { hold, onPage, release } from './page.js';

function count(column, more) {
	const shown = document.getElementById(`count-${column.dataset.stage}`);
	if (shown) shown.textContent = Number(shown.textContent) + more;
}

function dropped({ item, from, to, oldDraggableIndex }) {
	if (from === to) return release();
	const undo = () => {
		const others = [...from.querySelectorAll('.deal')].filter((card) => card !== item);
		from.insertBefore(item, others[oldDraggableIndex] ?? null);
		count(from, 1);
		count(to, -1);
		item.classList.remove('optimistic');
	};
	count(from, -1);
	count(to, 1);
	item.classList.add('optimistic');
	change('deals.move', { id: item.dataset.deal, stage_id: to.dataset.stage }, undo);
	release(); // a page that came meanwhile still waits: for the answer
}

export function startBoard() {
	onPage(() => {
		for (const column of document.querySelectorAll('[data-stage-drop]')) {
			if (Sortable.get(column)) continue;
			Sortable.create(column, {
				group: 'deals',
				sort: false,
				draggable: '.deal',
				filter: 'button, select, input',
				preventOnFilter: false,
				animation: 140,
				// The browser's own dragging differs from one to the next, and starts late on a busy machine.
				forceFallback: true,
				fallbackTolerance: 4,
				fallbackOnBody: true,
				delay: 160,
				delayOnTouchOnly: true,
				ghostClass: 'deal-ghost',
				dragClass: 'deal-drag',
				onStart: hold,
				onEnd: dropped,
			});
		}
	});
}
