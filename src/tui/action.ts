import type { Page } from "./view.js";

/** What a key asks for. */
export type Action =
	| { readonly kind: "move"; readonly by: number }
	| { readonly kind: "page move"; readonly by: -1 | 1 }
	| { readonly kind: "half page move"; readonly by: -1 | 1 }
	| { readonly kind: "to first" }
	| { readonly kind: "to last" }
	/** Sideways: the hop of the details, or a step of the player. */
	| { readonly kind: "side"; readonly by: -1 | 1 }
	| { readonly kind: "next page"; readonly by: -1 | 1 }
	| { readonly kind: "page"; readonly page: Page }
	| { readonly kind: "next vm"; readonly by: -1 | 1 }
	| { readonly kind: "list vms" }
	| { readonly kind: "open" }
	| { readonly kind: "close" }
	| { readonly kind: "freeze" }
	| { readonly kind: "play" }
	| {
			readonly kind: "step";
			readonly of: "frame" | "exchange";
			readonly by: -1 | 1;
	  }
	| { readonly kind: "speed"; readonly by: -1 | 1 }
	/** Of a replay: to its begin, or to its end, where it follows what still comes. */
	| { readonly kind: "to end"; readonly by: -1 | 1 }
	/** To the next or previous row that was not plainly delivered. */
	| { readonly kind: "problem"; readonly by: -1 | 1 }
	/** Of a replay: on to the next loss of the log, or back to the one before. */
	| { readonly kind: "to loss"; readonly by: -1 | 1 }
	| { readonly kind: "prompt"; readonly for: "filter" | "seek" | "write" }
	/** While a prompt is open. */
	| { readonly kind: "type"; readonly text: string }
	| {
			readonly kind: "caret";
			readonly to: "left" | "right" | "begin" | "end";
	  }
	| { readonly kind: "erase" }
	| { readonly kind: "erase next" }
	| { readonly kind: "erase word" }
	| { readonly kind: "erase all" }
	| { readonly kind: "enter" }
	| { readonly kind: "help" }
	/** The screen makes room for the shell, until it is continued. */
	| { readonly kind: "suspend" }
	| { readonly kind: "quit" };

/** What the reducer asks the program to do, beside a new view. */
export type Effect = { readonly kind: "write"; readonly file: string };
