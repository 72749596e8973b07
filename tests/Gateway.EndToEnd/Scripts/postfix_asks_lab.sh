#!/bin/bash
# A real Postfix whose DNS is the lab's, in a network and a mount namespace of its own (unshare -n -m), for Postfix asks port 53
# only. Prints what clients at some of the lab's addresses hear from it.
#
# postfix_asks_lab.sh GATEWAY.DLL FOLDER
set -u
gateway=$1 folder=$2 scripts=$(dirname "$0")
ip link set lo up
echo "nameserver 127.0.0.1" >"$folder/resolv.conf"
mount --bind "$folder/resolv.conf" /etc/resolv.conf

dotnet "$gateway" lab --json --dns 127.0.0.1:53 --folder "$folder/captured" </dev/null >"$folder/lab.log" 2>&1 &
lab=$!
trap 'postfix -c "$folder/etc" abort >/dev/null 2>&1; kill "$lab"' EXIT

mkdir -p "$folder"/{etc,spool,data}
chown postfix "$folder/data"
cat >"$folder/etc/main.cf" <<MAIN
compatibility_level = 3.6
queue_directory = $folder/spool
data_directory = $folder/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = $folder/mail.log
maillog_file_prefixes = $folder
myhostname = postfix.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
mydestination =
mynetworks = 127.0.0.1/32
virtual_mailbox_domains = gateway.test
virtual_transport = discard
smtpd_recipient_restrictions = reject_unknown_client_hostname, reject_unauth_destination
# No name at all is final; what the DNS cannot say is not.
unknown_client_reject_code = 550
MAIN
cat >"$folder/etc/master.cf" <<MASTER
127.0.0.1:10025 inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
discard unix - - n - - discard
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
MASTER

for _ in $(seq 600); do
    grep -q '"dns":"127.0.0.1:53"' "$folder/lab.log" && break
    kill -0 "$lab" 2>/dev/null || { cat "$folder/lab.log"; exit 1; }
    sleep 0.1
done
postfix -c "$folder/etc" start || exit 1
for client in 127.0.0.10 127.0.0.20 127.0.0.30 127.0.0.50 127.0.0.59; do
    echo "$client: $(/usr/bin/python3 "$scripts/send_mail.py" 127.0.0.1 10025 "$client" ann@good.lab.test bob@gateway.test)"
done
