// api.js: the client of the API, loaded when something first needs it.
let client;

export const api = () =>
	(client ??= import(CLIENT).then(({ createClient }) => createClient()).catch((fault) => {
		client = undefined; // another try may find it
		throw fault;
	}));
