import { elapsedNs } from "../model/capture.js";
import type { SafeText } from "../model/safe-text.js";
import { InflateError } from "./gunzip.js";
import { inflate } from "./inflate.js";
import { createCaptureReader, magicLength } from "./reader.js";
import {
	type CaptureReader,
	type CaptureSink,
	type Keep,
	NotACaptureError,
	type ReadCounts,
} from "./sink.js";

/** A file of a log, opened. */
export interface LogFile {
	/** As the user named it. */
	readonly name: SafeText;
	/** For the interface of a file that has one and does not name it. */
	readonly interfaceName: SafeText | null;
	/** Its bytes, compressed or not; a chunk may change once the next is asked for. */
	readonly chunks: AsyncIterable<Buffer>;
}

/** A file of the log while it is read. */
interface Track {
	readonly source: number;
	readonly file: LogFile;
	readonly chunks: AsyncIterator<Buffer>;
	readonly reader: CaptureReader;
	read: number;
}

/**
 * Reads the files of a log side by side: always the one that is behind the others in
 * time, so that their frames reach the sink close together.
 *
 * @param isWanted asked after every chunk; false ends the reading there
 * @returns what was counted, over all files
 * @throws {NotACaptureError} naming the file; what a file's chunks throw
 */
export async function readLog(
	files: readonly LogFile[],
	sink: CaptureSink,
	keep: Keep,
	isWanted: () => boolean,
): Promise<ReadCounts> {
	let interfaces = 0;
	const nextInterfaceId = () => interfaces++;
	const tracks = files.map((file, source): Track => {
		const { interfaceName } = file;
		const options = { source, interfaceName, keep, nextInterfaceId };
		return {
			source,
			file,
			chunks: inflate(file.chunks),
			reader: createCaptureReader(sink, options),
			read: 0,
		};
	});
	const open = [...tracks];
	try {
		while (open.length > 0 && isWanted()) {
			const track = findHindmost(open);
			const hasEnded = await readChunk(track, sink);
			if (hasEnded) {
				open.splice(open.indexOf(track), 1);
			}
			sink.setProgress(track.source, track.reader.span, hasEnded);
		}
	} finally {
		await Promise.all(open.map(({ chunks }) => chunks.return?.()));
	}
	return sumCounts(tracks);
}

/** @returns whether the file has ended */
async function readChunk(track: Track, sink: CaptureSink): Promise<boolean> {
	try {
		return await readNext(track, sink);
	} catch (error) {
		throw error instanceof NotACaptureError
			? new NotACaptureError(`${track.file.name} ${error.message}`)
			: error;
	}
}

async function readNext(track: Track, sink: CaptureSink): Promise<boolean> {
	const { source, chunks, reader } = track;
	try {
		const { done, value } = await chunks.next();
		if (done) {
			reader.end();
			return true;
		}
		track.read += value.length;
		reader.write(value);
		return false;
	} catch (error) {
		if (!(error instanceof InflateError)) {
			throw error;
		}
		if (track.read < magicLength) {
			throw new NotACaptureError(`is not a capture: ${error.message}`);
		}
		sink.addDamage({ source, offset: track.read, message: error.message });
		reader.end();
		return true;
	}
}

/** The file whose latest time is least; one that has none yet comes first. */
function findHindmost(tracks: readonly Track[]): Track {
	return tracks.reduce((hindmost, track) => {
		const { latest } = track.reader.span;
		const least = hindmost.reader.span.latest;
		const isBehind =
			latest === null || (least !== null && elapsedNs(latest, least) > 0);
		return least !== null && isBehind ? track : hindmost;
	});
}

function sumCounts(tracks: readonly Track[]): ReadCounts {
	const sum = { read: 0, untimed: 0 };
	for (const { reader } of tracks) {
		sum.read += reader.counts.read;
		sum.untimed += reader.counts.untimed;
	}
	return sum;
}
