// board.js: cards of the board are dragged between columns. The card stays where it was dropped while the server is
// asked, and goes back when it refuses. With the keyboard, the card's menu has the same move as a form.
import Sortable from 'sortablejs';
import { field, send } from './forms.js';
import { hold, onPage, release } from './page.js';

function recount(column) {
	const count = document.getElementById(`count-${column.dataset.stage}`);
	if (count) count.textContent = column.querySelectorAll('.deal').length + Number(column.dataset.more ?? 0);
}

function dropped({ item, from, to, oldDraggableIndex }) {
	release();
	if (from === to) return;
	const undo = () => {
		const others = [...from.querySelectorAll('.deal')].filter((card) => card !== item);
		from.insertBefore(item, others[oldDraggableIndex] ?? null);
		[from, to].forEach(recount);
	};
	[from, to].forEach(recount);
	item.classList.add('optimistic');
	const body = new URLSearchParams({
		_csrf: field('_csrf'),
		_next: location.pathname + location.search,
		_page: location.pathname + location.search,
		id: item.dataset.deal,
		stage_id: to.dataset.stage,
	});
	send('/do/deals_move', body, { undo, quiet: true }).finally(() => item.classList.remove('optimistic'));
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
