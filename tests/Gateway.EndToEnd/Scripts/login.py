"""Logs in with smtplib over STARTTLS and sends one message: login.py PORT USER PASSWORD MECHANISM RECIPIENT.

Prints the reply of the login, and "sent" when the message was taken.
"""
import smtplib
import ssl
import sys

port, user, password, mechanism, recipient = sys.argv[1:]
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
with smtplib.SMTP("127.0.0.1", int(port), local_hostname="laptop.example", timeout=60) as server:
    server.starttls(context=context)
    server.ehlo()
    server.user, server.password = user, password
    try:
        code, words = server.auth(mechanism, getattr(server, "auth_" + mechanism.lower()))
        print(code, words.decode())
        server.sendmail("ann@gw.test", [recipient], "Subject: hello\r\n\r\nhello\r\n")
        print("sent")
    except smtplib.SMTPAuthenticationError as refused:
        print(refused.smtp_code, refused.smtp_error.decode())
