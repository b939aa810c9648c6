package client

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"

	"golang.org/x/crypto/ssh"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

func anyone() *http.Client {
	// ruleid: tls-verification-off
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
}

func later() *tls.Config {
	cfg := &tls.Config{}
	// ruleid: tls-verification-off
	cfg.InsecureSkipVerify = true
	return cfg
}

func private(pool *x509.CertPool) *tls.Config {
	// ok: tls-verification-off
	return &tls.Config{RootCAs: pool, InsecureSkipVerify: false}
}

func pinned(check func([][]byte, [][]*x509.Certificate) error) *tls.Config {
	// ok: tls-verification-off
	return &tls.Config{InsecureSkipVerify: true, VerifyPeerCertificate: check}
}

func versions() {
	// ruleid: tls-old-version
	_ = &tls.Config{MinVersion: tls.VersionTLS10}
	cfg := &tls.Config{}
	// ruleid: tls-old-version
	cfg.MaxVersion = tls.VersionTLS11
	// ok: tls-old-version
	_ = &tls.Config{MinVersion: tls.VersionTLS12}
	// ok: tls-old-version
	cfg.MinVersion = tls.VersionTLS13
}

var suites = tls.Config{
	CipherSuites: []uint16{
		// ruleid: tls-weak-cipher-suite
		tls.TLS_RSA_WITH_RC4_128_SHA,
		// ruleid: tls-weak-cipher-suite
		tls.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA,
		// ok: tls-weak-cipher-suite
		tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		// ok: tls-weak-cipher-suite
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
	},
}

func remote(key ssh.PublicKey) {
	// ruleid: ssh-host-key-ignored
	_ = &ssh.ClientConfig{User: "deploy", HostKeyCallback: ssh.InsecureIgnoreHostKey()}
	// ruleid: ssh-host-key-ignored
	_ = &ssh.ClientConfig{User: "deploy", HostKeyCallback: func(host string, addr net.Addr, key ssh.PublicKey) error { return nil }}
	// ok: ssh-host-key-ignored
	_ = &ssh.ClientConfig{User: "deploy", HostKeyCallback: ssh.FixedHostKey(key)}
}

func hostKeys(check ssh.HostKeyCallback) {
	// ok: ssh-host-key-ignored
	_ = &ssh.ClientConfig{User: "deploy", HostKeyCallback: check}
}

func channels(creds credentials.TransportCredentials) {
	// ruleid: grpc-without-tls
	grpc.Dial("billing:9000", grpc.WithInsecure())
	// ruleid: grpc-without-tls
	grpc.NewClient("billing:9000", grpc.WithTransportCredentials(insecure.NewCredentials()))
	// ok: grpc-without-tls
	grpc.NewClient("billing:9000", grpc.WithTransportCredentials(creds))
	// ok: grpc-without-tls
	grpc.NewClient("unix:///run/billing.sock", grpc.WithTransportCredentials(insecure.NewCredentials()))
}
