import assert from "node:assert/strict";
import { test } from "node:test";
import { enhancedPacket, interfaceBlock, join, section } from "./build.js";
import { readCapture } from "./collect.js";

const frame = Buffer.alloc(20);

function namesOf(
	names: readonly (string | undefined)[],
	interfaceName: string | null,
): (string | null)[] {
	const blocks = names.map((name) =>
		interfaceBlock(name === undefined ? {} : { name }),
	);
	const packets = names.map((_name, interfaceId) =>
		enhancedPacket(frame, { interfaceId }),
	);
	const bytes = join(section(), ...blocks, ...packets)(false);
	const { interfaces } = readCapture(bytes, { interfaceName });
	return interfaces.map(({ name }) => name);
}

test("an interface of a pcapng has the name in if_name", () => {
	assert.deepEqual(namesOf(["vnet0"], "some"), ["vnet0"]);
	assert.deepEqual(namesOf(["vnet0", "br0"], "some"), ["vnet0", "br0"]);
	assert.deepEqual(namesOf(["vnet0\0\0"], null), ["vnet0"]);
	assert.deepEqual(namesOf(["unknown0"], null), ["unknown0"]);
	assert.deepEqual(namesOf(["a\x1bb"], null), ["a\\x1bb"]);
});

for (const name of [
	undefined,
	"",
	"unknown",
	"Unknown/not available in original file format(libpcap)",
]) {
	test(`an interface of a pcapng called ${JSON.stringify(name)} has no name`, () => {
		assert.deepEqual(namesOf([name], "br0"), ["br0"]);
		assert.deepEqual(namesOf([name], null), ["if0"]);
		assert.deepEqual(namesOf([name, name], "br0"), ["if0", "if1"]);
		assert.deepEqual(namesOf(["vnet0", name], "br0"), ["vnet0", "if1"]);
	});
}

test("an interface of a pcapng without packets is told of at the end", () => {
	const { interfaces } = readCapture(join(section(), interfaceBlock())(false), {
		interfaceName: "br0",
	});
	assert.deepEqual(interfaces, [
		{
			id: 0,
			source: 0,
			name: "br0",
			linkType: 1,
			isContinuous: true,
			snapLength: 262_144,
		},
	]);
});
