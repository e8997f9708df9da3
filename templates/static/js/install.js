// install.js: makes the dashboard one that can be installed, and that says so when there is no connection (sw.js). Not before the page is there.
export function startInstall() {
	const register = () => navigator.serviceWorker?.register('/sw.js').catch(() => {});
	if (document.readyState === 'complete') register();
	else addEventListener('load', register, { once: true });
}
