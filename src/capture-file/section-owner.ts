import type {
	CaptureSink,
	ReadCounts,
	ReaderOptions,
	TimeSpan,
} from "./sink.js";

/** What a section of a pcapng needs of the reader it belongs to. */
export interface SectionOwner {
	readonly sink: CaptureSink;
	readonly options: ReaderOptions;
	readonly counts: ReadCounts;
	readonly span: TimeSpan;
	readonly isBigEndian: boolean;
	/** Numbers the packets of the file from 1, documents and ticks too. */
	readonly nextNumber: () => number;
	/** Reports damage in the block being read; reading goes on behind it. */
	readonly damage: (message: string) => void;
}
