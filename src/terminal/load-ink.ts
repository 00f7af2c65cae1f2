/**
 * What ink and those it is made of read from the environment while they are loaded:
 *
 * - NODE_ENV: React's production build takes a third less of the processor.
 * - CI: ink would draw nothing but the last frame.
 * - DEV: it would look for developer tools.
 * - FORCE_COLOR: rows have the colours they should have already.
 */
const surroundings: Readonly<Record<string, string | undefined>> = {
	NODE_ENV: "production",
	CI: undefined,
	CONTINUOUS_INTEGRATION: undefined,
	DEV: undefined,
	FORCE_COLOR: "0",
	INK_SCREEN_READER: undefined,
};

/** Loads ink and what is drawn with it, which takes a while: only for a screen. */
export async function loadInk() {
	const before = Object.keys(surroundings).map(
		(name) => [name, process.env[name]] as const,
	);
	setAll(Object.entries(surroundings));
	try {
		const [ink, react, screen] = await Promise.all([
			import("ink"),
			import("react"),
			import("../tui/screen.js"),
		]);
		return {
			render: ink.render,
			// Of a CommonJS module in a bundle there is nothing but the default.
			createElement: react.default.createElement,
			Rows: screen.Screen,
		};
	} finally {
		setAll(before);
	}
}

function setAll(
	values: readonly (readonly [name: string, value: string | undefined])[],
): void {
	for (const [name, value] of values) {
		if (value === undefined) {
			delete process.env[name];
		} else {
			process.env[name] = value;
		}
	}
}
