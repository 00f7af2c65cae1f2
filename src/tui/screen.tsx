import { Box, Transform } from "ink";
import type { ReactElement } from "react";
import { drawScreen } from "./draw-screen.js";
import type { Look, Size } from "./look.js";
import type { View } from "./view.js";
import type { Details, World } from "./world.js";

export { drawScreen } from "./draw-screen.js";

/** What the screen is made of. */
export interface ScreenProps {
	readonly world: World;
	readonly view: View;
	readonly details: Details;
	readonly size: Size;
	readonly look: Look;
}

/**
 * The whole screen, as one element. Its text is a constant that is put in the place of by
 * the rows when ink writes them: ink 6 remembers the measures of every text it ever laid
 * out, and would grow with each row that is drawn.
 */
export function Screen({
	world,
	view,
	details,
	size,
	look,
}: ScreenProps): ReactElement {
	const rows = drawScreen(world, view, details, size, look);
	return (
		<Box height={rows.length} width={size.columns}>
			<Transform transform={(_line, index) => rows[index] ?? ""}>
				{blank(rows.length)}
			</Transform>
		</Box>
	);
}

function blank(rows: number): string {
	return Array<string>(rows).fill(" ").join("\n");
}
