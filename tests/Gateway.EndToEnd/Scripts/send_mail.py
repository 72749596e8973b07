"""Sends one message with the standard library's smtplib, as many a script does, and prints what the server said.

send_mail.py HOST PORT CLIENT_ADDRESS FROM TO     CLIENT_ADDRESS is the local address that it sends from
"""
import smtplib
import sys


def words(error):
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
    else:
        code, text = error.smtp_code, error.smtp_error
    return f"{code} {text.decode() if isinstance(text, bytes) else text}"


host, port, client, sender, recipient = sys.argv[1:]
try:
    with smtplib.SMTP(host, int(port), local_hostname="client.good.lab.test", source_address=(client, 0), timeout=60) as server:
        server.sendmail(sender, [recipient], f"From: {sender}\r\nTo: {recipient}\r\nSubject: hello\r\n\r\nhello\r\n")
        print("accepted")
except smtplib.SMTPException as error:
    print(words(error))
