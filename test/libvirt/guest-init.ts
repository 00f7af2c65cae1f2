/** Tells on the second serial port that the guest is up and listens. */
export const readyLine = "ready";

/** Begins the line that ends the answer to a command: its exit code follows. */
export const endMark = "#end ";

/** The name of the virtio port that libvirt speaks to an agent by. */
export const agentChannel = "org.qemu.guest_agent.0";

/**
 * `/init` of a guest: loads the modules of its card, brings the card up and obeys
 * lines of shell on the second serial port. It says that it is ready again and again
 * until it is told something, since QEMU drops what is said while nobody is connected.
 * Where it has a channel for an agent, the agent runs as well.
 */
export const guestInit = `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t devtmpfs devtmpfs /dev
mount -t proc proc /proc
mount -t sysfs sysfs /sys
for module in /modules/*; do insmod "$module"; done
ip link set lo up
ip link set eth0 up
for port in /sys/class/virtio-ports/*; do
	if [ "$(cat "$port/name")" = ${agentChannel} ]; then
		qemu-ga -m virtio-serial -p "/dev/\${port##*/}" -t /tmp </dev/null >/dev/ttyS0 2>&1 &
	fi
done
exec </dev/ttyS1 >/dev/ttyS1 2>/dev/ttyS0
stty raw -echo
until read -t 1 -r line; do echo ${readyLine}; done
while :; do
	eval "$line" </dev/null 2>&1
	echo "${endMark}$?"
	read -r line || sleep 1
done
`;

/** What udhcpc calls: sets or clears the address and the route of the card. */
export const leaseScript = `#!/bin/busybox sh
case "$1" in
deconfig)
	ip link set "$interface" up
	ip address flush dev "$interface"
	;;
bound | renew)
	ip address replace "$ip/$mask" dev "$interface"
	ip route replace default via "$router"
	echo "lease $ip"
	;;
esac
`;
