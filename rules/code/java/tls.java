package net;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.cert.*;
import java.util.Properties;
import javax.net.ssl.*;
import org.apache.http.conn.ssl.NoopHostnameVerifier;

class Tls {
    static class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String auth) {}

        // ruleid: trust-all-certificates
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String auth) throws CertificateException {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return null;
        }
    }

    static class Pinned implements X509TrustManager {
        private X509TrustManager platform;

        public void checkClientTrusted(X509Certificate[] chain, String auth) throws CertificateException {
            platform.checkClientTrusted(chain, auth);
        }

        // ok: trust-all-certificates
        public void checkServerTrusted(X509Certificate[] chain, String auth) throws CertificateException {
            platform.checkServerTrusted(chain, auth);
        }

        public X509Certificate[] getAcceptedIssuers() {
            return platform.getAcceptedIssuers();
        }
    }

    static class Refuses implements X509TrustManager {
        public void checkClientTrusted(X509Certificate[] chain, String auth) {}

        // ok: trust-all-certificates
        public void checkServerTrusted(X509Certificate[] chain, String auth) throws CertificateException {
            throw new CertificateException("nobody");
        }

        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    static class AnyHost implements HostnameVerifier {
        // ruleid: hostname-verification-off
        @Override
        public boolean verify(String host, SSLSession session) {
            return true;
        }
    }

    static class OneHost implements HostnameVerifier {
        // ok: hostname-verification-off
        public boolean verify(String host, SSLSession session) {
            return "db.internal".equals(host);
        }
    }

    void verifiers(HttpsURLConnection con) {
        // ruleid: hostname-verification-off
        con.setHostnameVerifier((host, session) -> true);
        // ruleid: hostname-verification-off
        HostnameVerifier none = NoopHostnameVerifier.INSTANCE;
        // ruleid: trust-all-certificates
        Object netty = InsecureTrustManagerFactory.INSTANCE;
        // ok: hostname-verification-off
        con.setHostnameVerifier(HttpsURLConnection.getDefaultHostnameVerifier());
    }

    void versions(SSLSocket socket, SSLParameters params) throws Exception {
        // ruleid: weak-tls-version
        SSLContext.getInstance("TLSv1");
        // ruleid: weak-tls-version
        socket.setEnabledProtocols(new String[] {"TLSv1.1", "TLSv1.2"});
        // ok: weak-tls-version
        SSLContext.getInstance("TLSv1.3");
        // ok: weak-tls-version
        socket.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.3"});
        // ruleid: weak-cipher-suite
        socket.setEnabledCipherSuites(new String[] {"TLS_RSA_WITH_NULL_SHA256"});
        // ruleid: weak-cipher-suite
        params.setCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256", "SSL_RSA_WITH_RC4_128_MD5"});
        // ok: weak-cipher-suite
        params.setCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
        // ok: weak-cipher-suite
        socket.setEnabledCipherSuites(socket.getSupportedCipherSuites());
    }

    void settings(Properties mail, Properties ssh) {
        // ruleid: mail-without-tls-identity
        mail.put("mail.smtp.ssl.trust", "*");
        // ruleid: mail-without-tls-identity
        mail.setProperty("mail.smtp.ssl.checkserveridentity", "false");
        // ok: mail-without-tls-identity
        mail.put("mail.smtp.ssl.checkserveridentity", "true");
        // ok: mail-without-tls-identity
        mail.put("mail.smtp.ssl.trust", "mail.example.org");
        // ruleid: ssh-host-key-unchecked
        ssh.put("StrictHostKeyChecking", "no");
        // ruleid: ssh-host-key-unchecked
        ssh.setProperty("StrictHostKeyChecking", "no");
        // ok: ssh-host-key-unchecked
        ssh.put("StrictHostKeyChecking", "yes");
        // ok: ssh-host-key-unchecked
        ssh.setProperty("UserKnownHostsFile", "/etc/app/known_hosts");
    }
}
