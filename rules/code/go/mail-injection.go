package mailer

import (
	"mime"
	"net/http"
	"net/smtp"
)

func contact(w http.ResponseWriter, r *http.Request) {
	msg := "To: help@example.com\r\nSubject: " + r.FormValue("subject") + "\r\n\r\nhello"
	// ruleid: mail-header-injection
	smtp.SendMail("mail.example.com:25", nil, "web@example.com", []string{"help@example.com"}, []byte(msg))
	safe := "Subject: " + mime.QEncoding.Encode("utf-8", r.FormValue("subject")) + "\r\n\r\nhello"
	// ok: mail-header-injection
	smtp.SendMail("mail.example.com:25", nil, "web@example.com", []string{"help@example.com"}, []byte(safe))
}

func invite(w http.ResponseWriter, r *http.Request) {
	to := r.URL.Query().Get("to")
	// ruleid: mail-header-injection
	smtp.SendMail("mail.example.com:25", nil, "web@example.com", []string{to}, []byte("To: "+to+"\r\n\r\nwelcome"))
	// ok: mail-header-injection
	smtp.SendMail("mail.example.com:25", nil, "web@example.com", []string{to}, []byte("Subject: welcome\r\n\r\nwelcome"))
}
