# Gateway as a peer of the side-by-side benchmark, see README.md beside this file. The policy is that of the other peers: a
# client without confirmed reverse DNS is refused in the greeting, or at RCPT TO with REFUSE_AT=Recipient.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dll=${GATEWAY_DLL:-$here/../../src/Gateway/bin/Release/net10.0/gateway.dll}
case $1 in
start)
    cat >"$PEER_DIR/gateway.json" <<JSON
{
  "HostName": "gw.bench.example.com",
  "Listeners": [ { "Endpoint": "127.0.0.1:$PEER_PORT", "Profile": "${PROFILE:-fcrdns}", "RefuseAt": "${REFUSE_AT:-Connect}" } ],
  "Dns": { "Servers": [ "127.0.0.53:53" ], "Deadline": "00:00:30" },
  "Policy": { "ExemptPrivate": false },
  "Relay": { "AcceptedDomains": [ "$RELAY_DOMAIN" ] },
  "SmartHosts": [ { "Host": "127.0.0.1", "Port": $SINK_PORT, "Tls": "None" } ],
  "Limits": { "MessageSize": 104857600, "Connections": 20000, "ConnectionsPerClient": 20000 }
}
JSON
    dotnet "$dll" run --config "$PEER_DIR/gateway.json" >"$PEER_DIR/gateway.log" 2>&1 &
    echo $! >"$PEER_DIR/pid"
    ;;
stop)
    kill -TERM "$(cat "$PEER_DIR/pid")"
    ;;
esac
