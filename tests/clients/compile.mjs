// compile.mjs: the programs of tests/clients/ against the client that the build wrote, by the TypeScript compiler. `change` may make another contract
// of it, to see which program does not fit any more. Gives what is wrong, as texts.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, root } from '../harness.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const client = join(build, 'client');
const known = new Map(); // files that never change are read and parsed once

export async function compile(change = (text) => text) {
	const { default: ts } = await import('typescript');
	const config = ts.parseJsonConfigFileContent(ts.readConfigFile(join(here, 'tsconfig.json'), ts.sys.readFile).config, ts.sys, here);
	const options = { ...config.options, paths: { 'muster-client': [join(client, 'index.d.ts')] }, rootDir: here, noEmit: true, typeRoots: [] };
	const host = ts.createCompilerHost(options);
	const read = host.getSourceFile.bind(host);
	host.getSourceFile = (name, version) => {
		if (name.endsWith('/contract.d.ts')) return ts.createSourceFile(name, change(readFileSync(name, 'utf8')), version);
		if (!known.has(name)) known.set(name, read(name, version));
		return known.get(name);
	};
	const program = ts.createProgram(config.fileNames, options, host);
	// Of the compiler's own library it is known that it is right.
	const ours = program.getSourceFiles().filter((file) => !program.isSourceFileDefaultLibrary(file));
	const problems = [...program.getOptionsDiagnostics(), ...ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])];
	return problems.map(({ file, start, messageText }) => {
		const at = file && `${file.fileName.slice(here.length + 1)}:${file.getLineAndCharacterOfPosition(start).line + 1}: `;
		return `${at ?? ''}${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
	});
}

// The client itself.
export const library = () => import(pathToFileURL(join(client, 'index.js')));

// What a program exports, to be run: without its types, which compile() looks at.
export async function program(name) {
	const { transform } = createRequire(join(root, 'templates/build.mjs'))('esbuild');
	const { code } = await transform(readFileSync(join(here, name, 'app.ts'), 'utf8'), { loader: 'ts' });
	const text = code.replace('"muster-client"', `"${pathToFileURL(join(client, 'index.js'))}"`);
	return import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
}
