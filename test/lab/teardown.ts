/** What must be undone; undone in reverse order, as far as it was done. */
export interface Teardown {
	add(step: () => Promise<unknown>): void;
	/** Undoes everything. A step that fails keeps no other from running, and is tried again by the next run. */
	run(): Promise<void>;
}

/** Makes an empty teardown. */
export function createTeardown(): Teardown {
	const steps: (() => Promise<unknown>)[] = [];
	const undo = async () => {
		const failed: typeof steps = [];
		const failures: unknown[] = [];
		for (let step = steps.pop(); step; step = steps.pop()) {
			try {
				await step();
			} catch (error) {
				failed.unshift(step);
				failures.push(error);
			}
		}
		steps.push(...failed);
		if (failures.length > 0) {
			throw new AggregateError(failures, "the lab was not torn down cleanly");
		}
	};
	let last = Promise.resolve();
	return {
		add: (step) => {
			steps.push(step);
		},
		run: () => {
			last = last.then(undo, undo);
			return last;
		},
	};
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Calls `use`, then the teardown, also when `use` fails or the process is interrupted. */
export async function withTeardown<T>(
	use: (teardown: Teardown) => Promise<T>,
): Promise<T> {
	const teardown = createTeardown();
	const done = use(teardown);
	const interrupted = async (signal: keyof typeof exitCodes) => {
		// With its namespaces and children gone, `use` fails soon; what it added until
		// then is undone by the second run.
		const steps = [() => teardown.run(), () => done, () => teardown.run()];
		for (const step of steps) {
			await step().catch(() => undefined);
		}
		process.exit(exitCodes[signal]);
	};
	// Not `once`: execa ends the process as soon as it is the only one to listen.
	process.on("SIGINT", interrupted);
	process.on("SIGTERM", interrupted);
	try {
		return await done;
	} finally {
		await teardown.run();
		process.off("SIGINT", interrupted);
		process.off("SIGTERM", interrupted);
	}
}
