// Sends one message with nodemailer, as web applications do, and prints what the server said.
//
//   NODE_PATH=…/node_modules node send_mail.js HOST PORT CLIENT_ADDRESS FROM TO
"use strict";

const nodemailer = require("nodemailer");
const [host, port, localAddress, from, to] = process.argv.slice(2);
const transport = nodemailer.createTransport({
    host,
    port: Number(port),
    localAddress,
    name: "client.good.lab.test",
    // The lab's certificate vouches for nothing.
    tls: { rejectUnauthorized: false },
});

transport.sendMail({ from, to, subject: "hello", text: "hello" }).then(
    (sent) => console.log(`accepted ${sent.response}`),
    (error) => console.log(error.response ?? error.message),
);
