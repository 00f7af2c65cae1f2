import { readFile, writeFile } from "node:fs/promises";
import { cpus, release } from "node:os";

/**
 * Blanks what dumpcap says of the machine it ran on (processor, kernel release) with
 * spaces, so that a fixture tells of the lab and of nothing else. Lengths stay.
 */
export async function anonymizeCapture(path: string): Promise<void> {
	const bytes = await readFile(path);
	for (const text of [release(), cpus()[0]?.model ?? ""]) {
		blank(bytes, Buffer.from(text.trim()));
	}
	await writeFile(path, bytes);
}

function blank(bytes: Buffer, text: Buffer): void {
	if (text.length === 0) {
		return;
	}
	for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at)) {
		bytes.fill(" ", at, at + text.length);
	}
}
