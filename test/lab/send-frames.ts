import koffi from "koffi";
import { loadKoffi, loadLibc } from "../../src/recorder/libc.js";
import { PacketSockets } from "../../src/recorder/packet-socket.js";

// Sends frames, given in hexadecimal, out of an interface, given by its number, in the
// namespace it is started in: as they are, tags and all.

const [index = "", ...frames] = process.argv.slice(2);
const sockets = new PacketSockets(loadKoffi(), loadLibc(loadKoffi()));
const sendto = koffi
	.load(null)
	.func("int64_t sendto(int, void *, size_t, int, void *, uint32_t)");

const fd = sockets.create(true);
const address = Buffer.alloc(20);
address.writeUInt16LE(17, 0);
address.writeInt32LE(Number(index), 4);
for (const frame of frames) {
	const bytes = Buffer.from(frame, "hex");
	const sent = sendto(fd, bytes, bytes.length, 0, address, address.length);
	if (Number(sent) !== bytes.length) {
		throw new Error(`${frame} was not sent`);
	}
}
sockets.close(fd);
