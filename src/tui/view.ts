import type { LogTime } from "../model/capture.js";

/** The pages one goes through with tab or by number. */
export const pages = [
	"journeys",
	"dhcp",
	"topology",
	"findings",
	"health",
] as const;

export type Page = (typeof pages)[number];

/** Where a scrolled list stands. */
export interface Cursor {
	/** Key of the row that is selected; null: the last one, as new ones come. */
	readonly key: string | null;
	/** Index of that row when it was selected, should it be gone. */
	readonly index: number;
	/** Time of that row: where one goes on when it is gone. */
	readonly time?: LogTime;
	/** Rows that stand above it on the screen; absent: as many as there are. */
	readonly above?: number;
}

/** Where one is on a page of entries. */
export interface PageCursor {
	/** What the entry is known by; the first of these says it surest. */
	readonly keys: readonly string[];
	/** Index of that entry when it was gone to, should it be gone. */
	readonly index: number;
	/**
	 * Rows from the top of the window to its first one, negative where that is above it;
	 * absent: as many as there are.
	 */
	readonly above?: number;
}

/** What is open over the list. */
export type Overlay =
	| {
			readonly kind: "help";
			readonly scroll: number;
			/** What was open when it was asked for, and is again behind it. */
			readonly over?: Overlay | null;
	  }
	| {
			readonly kind: "details";
			/** Key of the row it is about. */
			readonly key: string;
			readonly scroll: number;
			/** Which hop's fields and bytes are shown. */
			readonly hop: number;
	  }
	| { readonly kind: "vms"; readonly index: number };

/** A line that is being typed: a filter, or a time to seek to. */
export interface Prompt {
	readonly kind: "filter" | "seek" | "write";
	readonly text: string;
	/** Why it cannot be taken as it is; null: it can. */
	readonly problem: string | null;
	/** Characters before the caret; absent: all of them. */
	readonly caret?: number;
	/** What is typed takes the place of the text: it was given, or was refused. */
	readonly isSelected?: boolean;
}

/** What was read of what the capture says of itself. */
export interface HealthRead {
	/** Notices. */
	readonly said: number;
	/** Frames that the capture lost. */
	readonly dropped: number;
	/** That it ended though nobody asked it to. */
	readonly hasEnded: boolean;
}

/** A replay as a player. Live, it has none. */
export interface Player {
	readonly isPlaying: boolean;
	/** 1/8 to 16; 0: at once. */
	readonly speed: number;
	/** Nanoseconds after the begin of the log that are shown; null: all. */
	readonly positionNs: number | null;
}

/** What the person at the screen chose to see. */
export interface View {
	readonly page: Page;
	/** Key of the chosen VM, or what it was asked for by; null: all of them. */
	readonly vm: string | null;
	/** To what the command line limits all that is shown; absent: to nothing. */
	readonly only?: string;
	readonly cursor: Cursor;
	/** Scroll of pages that are no list of rows. */
	readonly scroll: number;
	/** Where one is on pages of entries; absent: on the first. */
	readonly entries?: Readonly<Partial<Record<Page, PageCursor>>>;
	/** The filter that holds. */
	readonly filter: string;
	readonly prompt: Prompt | null;
	readonly overlay: Overlay | null;
	/** The screen stands still; rows there were when it was frozen. */
	readonly frozen: { readonly rows: number } | null;
	/** Null: live. */
	readonly player: Player | null;
	/** Said on the last line until the next key. */
	readonly message: string | null;
	/** What came of the capture's health since is told on every page. */
	readonly read: HealthRead;
	readonly isOver: boolean;
}

/** What a view begins with. */
export interface ViewStart {
	/** Name, UUID, MAC address, tap or IP address of the VM that was asked for; null: none. */
	readonly vm: string | null;
	/** To what the command line limits what is shown: `proto:dhcp problems`; empty: to nothing. */
	readonly only: string;
}

/** @param start as the command line has it */
export function createView(
	player: Player | null,
	start: ViewStart = { vm: null, only: "" },
): View {
	return {
		page: "journeys",
		vm: start.vm,
		...(start.only === "" ? {} : { only: start.only }),
		cursor: { key: null, index: 0 },
		scroll: 0,
		filter: "",
		prompt: null,
		overlay: null,
		frozen: null,
		player,
		message: null,
		read: { said: 0, dropped: 0, hasEnded: false },
		isOver: false,
	};
}
