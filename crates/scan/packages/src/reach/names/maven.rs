//! Maven: coordinates say where an artifact is, not which packages its classes are in. What is widely used stands in a table;
//! for the rest the group's name is tried as a package, with the words of the artifact's name below it.

use super::Modules;
use std::collections::HashMap;
use std::sync::LazyLock;

/// `group:artifact package…`, a line each. `group:*` goes for all artifacts of the group that have no line of their own.
const TABLE_TEXT: &str = "
ch.qos.logback:logback-classic ch.qos.logback.classic org.slf4j
ch.qos.logback:logback-core ch.qos.logback.core
ch.qos.logback:logback-access ch.qos.logback.access
com.alibaba:fastjson com.alibaba.fastjson
com.alibaba.fastjson2:fastjson2 com.alibaba.fastjson2
com.alibaba:druid com.alibaba.druid
com.auth0:java-jwt com.auth0.jwt
com.beust:jcommander com.beust.jcommander
com.beust:klaxon com.beust.klaxon
com.caucho:hessian com.caucho.hessian com.caucho.burlap
com.fasterxml.jackson.core:jackson-annotations com.fasterxml.jackson.annotation
com.fasterxml.jackson.core:jackson-core com.fasterxml.jackson.core
com.fasterxml.jackson.core:jackson-databind com.fasterxml.jackson.databind
com.fasterxml.jackson.dataformat:jackson-dataformat-cbor com.fasterxml.jackson.dataformat.cbor
com.fasterxml.jackson.dataformat:jackson-dataformat-csv com.fasterxml.jackson.dataformat.csv
com.fasterxml.jackson.dataformat:jackson-dataformat-xml com.fasterxml.jackson.dataformat.xml
com.fasterxml.jackson.dataformat:jackson-dataformat-yaml com.fasterxml.jackson.dataformat.yaml
com.fasterxml.jackson.module:jackson-module-kotlin com.fasterxml.jackson.module.kotlin
com.fasterxml.woodstox:woodstox-core com.ctc.wstx
com.github.ben-manes.caffeine:caffeine com.github.benmanes.caffeine
com.github.jknack:handlebars com.github.jknack.handlebars
com.google.code.findbugs:jsr305 javax.annotation
com.google.code.gson:gson com.google.gson
com.google.errorprone:error_prone_annotations com.google.errorprone.annotations
com.google.guava:guava com.google.common com.google.thirdparty
com.google.inject:guice com.google.inject
com.google.oauth-client:google-oauth-client com.google.api.client.auth
com.google.protobuf:protobuf-java com.google.protobuf
com.google.protobuf:protobuf-java-util com.google.protobuf.util
com.google.zxing:core com.google.zxing
com.googlecode.json-simple:json-simple org.json.simple
com.googlecode.owasp-java-html-sanitizer:owasp-java-html-sanitizer org.owasp.html
com.h2database:h2 org.h2
com.hazelcast:hazelcast com.hazelcast
com.jayway.jsonpath:json-path com.jayway.jsonpath
com.jcraft:jsch com.jcraft.jsch
com.github.mwiede:jsch com.jcraft.jsch
com.itextpdf:itextpdf com.itextpdf
com.lowagie:itext com.lowagie
com.microsoft.sqlserver:mssql-jdbc com.microsoft.sqlserver.jdbc
com.mysql:mysql-connector-j com.mysql
com.nimbusds:nimbus-jose-jwt com.nimbusds.jose com.nimbusds.jwt
com.opencsv:opencsv com.opencsv
com.rabbitmq:amqp-client com.rabbitmq.client
com.squareup.okhttp3:okhttp okhttp3
com.squareup.okhttp:okhttp com.squareup.okhttp
com.squareup.okio:okio okio
com.squareup.retrofit2:retrofit retrofit2
com.squareup.moshi:moshi com.squareup.moshi
com.sun.mail:javax.mail javax.mail com.sun.mail
com.sun.mail:jakarta.mail jakarta.mail com.sun.mail
com.thoughtworks.xstream:xstream com.thoughtworks.xstream
com.typesafe:config com.typesafe.config
com.unboundid:unboundid-ldapsdk com.unboundid.ldap com.unboundid.ldif com.unboundid.util
com.vaadin:vaadin-server com.vaadin
com.zaxxer:HikariCP com.zaxxer.hikari
commons-beanutils:commons-beanutils org.apache.commons.beanutils
commons-cli:commons-cli org.apache.commons.cli
commons-codec:commons-codec org.apache.commons.codec
commons-collections:commons-collections org.apache.commons.collections
commons-configuration:commons-configuration org.apache.commons.configuration
commons-daemon:commons-daemon org.apache.commons.daemon
commons-dbcp:commons-dbcp org.apache.commons.dbcp
commons-digester:commons-digester org.apache.commons.digester
commons-discovery:commons-discovery org.apache.commons.discovery
commons-fileupload:commons-fileupload org.apache.commons.fileupload
commons-httpclient:commons-httpclient org.apache.commons.httpclient
commons-io:commons-io org.apache.commons.io
commons-jxpath:commons-jxpath org.apache.commons.jxpath
commons-lang:commons-lang org.apache.commons.lang
commons-logging:commons-logging org.apache.commons.logging
commons-net:commons-net org.apache.commons.net
commons-pool:commons-pool org.apache.commons.pool
commons-validator:commons-validator org.apache.commons.validator
dom4j:dom4j org.dom4j
io.dropwizard.metrics:metrics-core com.codahale.metrics
io.grpc:* io.grpc
io.jsonwebtoken:jjwt io.jsonwebtoken
io.jsonwebtoken:jjwt-api io.jsonwebtoken
io.ktor:* io.ktor
io.micrometer:* io.micrometer
io.netty:netty org.jboss.netty io.netty
io.netty:netty-all io.netty
io.netty:netty-buffer io.netty.buffer
io.netty:netty-codec io.netty.handler.codec
io.netty:netty-codec-dns io.netty.handler.codec.dns
io.netty:netty-codec-haproxy io.netty.handler.codec.haproxy
io.netty:netty-codec-http io.netty.handler.codec.http io.netty.handler.codec.rtsp io.netty.handler.codec.spdy
io.netty:netty-codec-http2 io.netty.handler.codec.http2
io.netty:netty-codec-mqtt io.netty.handler.codec.mqtt
io.netty:netty-codec-redis io.netty.handler.codec.redis
io.netty:netty-codec-smtp io.netty.handler.codec.smtp
io.netty:netty-codec-socks io.netty.handler.codec.socks io.netty.handler.codec.socksx
io.netty:netty-codec-stomp io.netty.handler.codec.stomp
io.netty:netty-codec-xml io.netty.handler.codec.xml
io.netty:netty-common io.netty.util
io.netty:netty-handler io.netty.handler
io.netty:netty-handler-proxy io.netty.handler.proxy
io.netty:netty-resolver io.netty.resolver
io.netty:netty-resolver-dns io.netty.resolver.dns
io.netty:netty-transport io.netty.channel io.netty.bootstrap
io.projectreactor.netty:reactor-netty-http reactor.netty.http
io.projectreactor:reactor-core reactor.core reactor.util
io.reactivex.rxjava2:rxjava io.reactivex
io.reactivex.rxjava3:rxjava io.reactivex.rxjava3
io.swagger:swagger-annotations io.swagger.annotations
io.undertow:undertow-core io.undertow
io.vertx:vertx-core io.vertx.core
io.vertx:vertx-web io.vertx.ext.web
jakarta.servlet:jakarta.servlet-api jakarta.servlet
jakarta.mail:jakarta.mail-api jakarta.mail
javax.el:javax.el-api javax.el
javax.inject:javax.inject javax.inject
javax.mail:mail javax.mail
javax.servlet:javax.servlet-api javax.servlet
javax.servlet:servlet-api javax.servlet
javax.validation:validation-api javax.validation
jaxen:jaxen org.jaxen
joda-time:joda-time org.joda.time
jline:jline jline scala.tools.jline
junit:junit org.junit junit
log4j:log4j org.apache.log4j
mysql:mysql-connector-java com.mysql
net.java.dev.jna:jna com.sun.jna
net.lingala.zip4j:zip4j net.lingala.zip4j
net.minidev:json-smart net.minidev.json
net.sf.ehcache:ehcache net.sf.ehcache
net.sf.jasperreports:jasperreports net.sf.jasperreports
net.sf.json-lib:json-lib net.sf.json
net.sourceforge.htmlunit:htmlunit com.gargoylesoftware.htmlunit
net.sourceforge.nekohtml:nekohtml org.cyberneko.html
ognl:ognl ognl
org.antlr:antlr4-runtime org.antlr.v4.runtime
org.apache.activemq:activemq-broker org.apache.activemq
org.apache.activemq:activemq-client org.apache.activemq
org.apache.ant:ant org.apache.tools.ant org.apache.tools.tar org.apache.tools.zip
org.apache.avro:avro org.apache.avro
org.apache.camel:camel-core org.apache.camel
org.apache.commons:commons-collections4 org.apache.commons.collections4
org.apache.commons:commons-compress org.apache.commons.compress
org.apache.commons:commons-configuration2 org.apache.commons.configuration2
org.apache.commons:commons-csv org.apache.commons.csv
org.apache.commons:commons-dbcp2 org.apache.commons.dbcp2
org.apache.commons:commons-email org.apache.commons.mail
org.apache.commons:commons-exec org.apache.commons.exec
org.apache.commons:commons-fileupload2-core org.apache.commons.fileupload2
org.apache.commons:commons-imaging org.apache.commons.imaging
org.apache.commons:commons-jexl3 org.apache.commons.jexl3
org.apache.commons:commons-lang3 org.apache.commons.lang3
org.apache.commons:commons-math3 org.apache.commons.math3
org.apache.commons:commons-pool2 org.apache.commons.pool2
org.apache.commons:commons-text org.apache.commons.text
org.apache.commons:commons-vfs2 org.apache.commons.vfs2
org.apache.cxf:* org.apache.cxf
org.apache.dubbo:dubbo org.apache.dubbo
org.apache.groovy:groovy groovy org.codehaus.groovy
org.apache.hadoop:* org.apache.hadoop
org.apache.hive:* org.apache.hive org.apache.hadoop.hive
org.apache.httpcomponents:httpasyncclient org.apache.http.nio org.apache.http.impl.nio
org.apache.httpcomponents:httpclient org.apache.http
org.apache.httpcomponents:httpcore org.apache.http
org.apache.httpcomponents:httpmime org.apache.http.entity.mime
org.apache.httpcomponents.client5:httpclient5 org.apache.hc.client5
org.apache.httpcomponents.core5:httpcore5 org.apache.hc.core5
org.apache.ivy:ivy org.apache.ivy
org.apache.james:apache-mime4j-core org.apache.james.mime4j
org.apache.kafka:kafka-clients org.apache.kafka
org.apache.logging.log4j:log4j-api org.apache.logging.log4j
org.apache.logging.log4j:log4j-core org.apache.logging.log4j
org.apache.lucene:* org.apache.lucene
org.apache.mina:mina-core org.apache.mina
org.apache.pdfbox:pdfbox org.apache.pdfbox
org.apache.poi:poi org.apache.poi
org.apache.poi:poi-ooxml org.apache.poi
org.apache.poi:poi-scratchpad org.apache.poi
org.apache.santuario:xmlsec org.apache.xml.security org.apache.jcp.xml
org.apache.shiro:* org.apache.shiro
org.apache.solr:solr-solrj org.apache.solr
org.apache.spark:* org.apache.spark
org.apache.sshd:* org.apache.sshd
org.apache.struts:struts2-core org.apache.struts2 com.opensymphony.xwork2
org.apache.thrift:libthrift org.apache.thrift
org.apache.tika:* org.apache.tika
org.apache.tomcat.embed:tomcat-embed-core org.apache.catalina org.apache.coyote org.apache.tomcat
org.apache.tomcat:tomcat-catalina org.apache.catalina
org.apache.tomcat:tomcat-coyote org.apache.coyote
org.apache.velocity:velocity org.apache.velocity
org.apache.velocity:velocity-engine-core org.apache.velocity
org.apache.wicket:wicket-core org.apache.wicket
org.apache.xmlbeans:xmlbeans org.apache.xmlbeans
org.apache.xmlgraphics:batik-transcoder org.apache.batik.transcoder
org.apache.xmlgraphics:fop org.apache.fop
org.apache.xmlrpc:xmlrpc-client org.apache.xmlrpc
org.apache.zookeeper:zookeeper org.apache.zookeeper
org.aspectj:aspectjweaver org.aspectj
org.asynchttpclient:async-http-client org.asynchttpclient
org.assertj:assertj-core org.assertj
org.bitbucket.b_c:jose4j org.jose4j
org.bouncycastle:* org.bouncycastle
org.codehaus.groovy:groovy groovy org.codehaus.groovy
org.codehaus.groovy:groovy-all groovy org.codehaus.groovy
org.codehaus.jackson:jackson-core-asl org.codehaus.jackson
org.codehaus.jackson:jackson-mapper-asl org.codehaus.jackson.map
org.codehaus.janino:janino org.codehaus.janino org.codehaus.commons.compiler
org.codehaus.jettison:jettison org.codehaus.jettison
org.codehaus.plexus:plexus-utils org.codehaus.plexus.util
org.dom4j:dom4j org.dom4j
org.eclipse.jetty:* org.eclipse.jetty
org.eclipse.jgit:org.eclipse.jgit org.eclipse.jgit
org.elasticsearch:elasticsearch org.elasticsearch
org.elasticsearch.client:* org.elasticsearch.client
org.freemarker:freemarker freemarker
org.glassfish.jersey.core:* org.glassfish.jersey
org.hamcrest:hamcrest org.hamcrest
org.hdrhistogram:HdrHistogram org.HdrHistogram
org.hibernate:hibernate-core org.hibernate jakarta.persistence javax.persistence
org.hibernate.orm:hibernate-core org.hibernate jakarta.persistence javax.persistence
org.hibernate:hibernate-validator org.hibernate.validator javax.validation
org.hibernate.validator:hibernate-validator org.hibernate.validator javax.validation jakarta.validation
org.hsqldb:hsqldb org.hsqldb
org.jboss.resteasy:* org.jboss.resteasy
org.jdom:jdom org.jdom
org.jdom:jdom2 org.jdom2
org.jenkins-ci.main:jenkins-core hudson jenkins
org.jetbrains.kotlinx:kotlinx-coroutines-core kotlinx.coroutines
org.jetbrains.kotlinx:kotlinx-serialization-json kotlinx.serialization.json
org.jetbrains:annotations org.jetbrains.annotations
org.jooq:jooq org.jooq
org.json:json org.json
org.jsoup:jsoup org.jsoup
org.junit.jupiter:* org.junit.jupiter
org.keycloak:* org.keycloak
org.liquibase:liquibase-core liquibase
org.mariadb.jdbc:mariadb-java-client org.mariadb.jdbc
org.mockito:mockito-core org.mockito
org.mongodb:* com.mongodb org.bson
org.mozilla:rhino org.mozilla.javascript
org.mvel:mvel2 org.mvel2
org.mybatis:mybatis org.apache.ibatis
org.neo4j.driver:neo4j-java-driver org.neo4j.driver
org.opensaml:* org.opensaml
org.owasp.antisamy:antisamy org.owasp.validator
org.owasp.esapi:esapi org.owasp.esapi
org.pac4j:* org.pac4j
org.postgresql:postgresql org.postgresql
org.primefaces:primefaces org.primefaces
org.projectlombok:lombok lombok
org.quartz-scheduler:quartz org.quartz
org.reactivestreams:reactive-streams org.reactivestreams
org.scala-lang:scala-library scala
org.slf4j:* org.slf4j
org.springframework.amqp:* org.springframework.amqp
org.springframework.batch:* org.springframework.batch
org.springframework.boot:* org.springframework.boot
org.springframework.cloud:* org.springframework.cloud
org.springframework.data:* org.springframework.data
org.springframework.kafka:* org.springframework.kafka
org.springframework.ldap:* org.springframework.ldap
org.springframework.security:* org.springframework.security
org.springframework.ws:* org.springframework.ws org.springframework.xml
org.springframework:spring-aop org.springframework.aop
org.springframework:spring-beans org.springframework.beans
org.springframework:spring-context org.springframework.context org.springframework.scheduling org.springframework.validation
org.springframework:spring-core org.springframework.core org.springframework.util
org.springframework:spring-expression org.springframework.expression
org.springframework:spring-jdbc org.springframework.jdbc
org.springframework:spring-jms org.springframework.jms
org.springframework:spring-messaging org.springframework.messaging
org.springframework:spring-orm org.springframework.orm
org.springframework:spring-oxm org.springframework.oxm
org.springframework:spring-test org.springframework.test org.springframework.mock
org.springframework:spring-tx org.springframework.transaction org.springframework.dao
org.springframework:spring-web org.springframework.web org.springframework.http org.springframework.remoting
org.springframework:spring-webflux org.springframework.web.reactive
org.springframework:spring-webmvc org.springframework.web.servlet org.springframework.web.bind
org.springframework:spring-websocket org.springframework.web.socket
org.testng:testng org.testng
org.thymeleaf:thymeleaf org.thymeleaf
org.webjars:* webjars
org.xerial.snappy:snappy-java org.xerial.snappy
org.xerial:sqlite-jdbc org.sqlite
org.yaml:snakeyaml org.yaml.snakeyaml
redis.clients:jedis redis.clients.jedis
xalan:xalan org.apache.xalan org.apache.xml
xerces:xercesImpl org.apache.xerces
xom:xom nu.xom
";

/// Artifacts that work without an import: drivers, agents, logging back ends, starters, engines behind a platform interface.
const BY_NAME: &[&str] = &[
    "logback",
    "log4j",
    "slf4j",
    "starter",
    "jdbc",
    "mysql",
    "mariadb",
    "postgresql",
    "h2",
    "hsqldb",
    "derby",
    "sqlite",
    "ojdbc",
    "hikari",
    "hibernate",
    "tomcat",
    "jetty",
    "undertow",
    "netty",
    "xerces",
    "xalan",
    "woodstox",
    "snakeyaml",
    "jaxb",
    "tika",
    "bouncycastle",
    "bcprov",
    "bcpkix",
    "webjars",
    "plugin",
    "agent",
    "processor",
    "actuator",
    "devtools",
    "jackson",
    "flyway",
    "liquibase",
    "thymeleaf",
    "freemarker",
    "spring",
    "validator",
    "lombok",
    "resteasy",
    "jersey",
    "cxf",
];

/// Words in artifacts' names that say nothing about packages.
const EMPTY_WORDS: &[&str] = &[
    "core",
    "api",
    "all",
    "java",
    "jvm",
    "common",
    "commons",
    "impl",
    "lib",
    "library",
    "parent",
    "starter",
    "boot",
    "client",
    "jdk",
    "jre",
    "android",
    "kotlin",
    "ktx",
    "bom",
    "runtime",
    "base",
    "main",
    "sdk",
    "shaded",
    "bundle",
    "standalone",
    "jakarta",
    "javax",
];

static TABLE: LazyLock<HashMap<&str, Vec<String>>> = LazyLock::new(|| {
    let mut table = HashMap::new();
    for line in TABLE_TEXT.lines() {
        let mut words = line.split_ascii_whitespace();
        if let Some(name) = words.next() {
            table.insert(name, words.map(str::to_owned).collect());
        }
    }
    table
});

/// The packages of an artifact (`group:artifact`) that stands in the table.
pub fn modules(package: &str) -> Option<Modules> {
    let group = package.split(':').next().unwrap_or(package);
    let whole_group = format!("{group}:*");
    let names = TABLE.get(package).or_else(|| TABLE.get(whole_group.as_str()))?;
    Some(Modules { names: names.clone(), certain: !is_loaded_by_name(package) })
}

/// Whether an artifact is often used without an import of it.
pub fn is_loaded_by_name(package: &str) -> bool {
    BY_NAME.iter().any(|word| package.contains(word))
}

/// For an artifact that no table knows: its group as a package, and the words of its name that must stand below.
pub struct Guess {
    /// Packages start so.
    pub prefix: String,
    /// Each is the start of a part below the prefix.
    pub words: Vec<String>,
}

impl Guess {
    /// From `group:artifact`; `None` where the group is no package of at least two parts.
    pub fn new(package: &str) -> Option<Self> {
        let (group, artifact) = package.split_once(':')?;
        let prefix: String = group.replace('-', "").to_lowercase();
        if prefix.split('.').count() < 2 {
            return None;
        }
        let known: Vec<&str> = prefix.split('.').collect();
        let words = artifact
            .split(['-', '_', '.'])
            .map(str::to_lowercase)
            .filter(|word| word.len() > 1 && !known.contains(&word.as_str()))
            .filter(|word| !EMPTY_WORDS.contains(&word.as_str()))
            // `jackson` in `jackson-datatype-x` of the group `com.fasterxml.jackson.datatype`, `2.13` of Scala.
            .filter(|word| !word.bytes().all(|b| b.is_ascii_digit()))
            .collect();
        Some(Self { prefix, words })
    }

    /// Whether an imported package may be of this artifact.
    pub fn matches(&self, module: &str) -> bool {
        let Some(below) = module.strip_prefix(self.prefix.as_str()) else { return false };
        if !(below.is_empty() || below.starts_with('.')) {
            return false;
        }
        self.words
            .iter()
            .all(|word| below.split('.').any(|part| part.to_lowercase().starts_with(word.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        let lines: Vec<&str> = TABLE_TEXT.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines.len(), TABLE.len(), "a name stands twice");
        assert!(TABLE.iter().all(|(name, modules)| name.contains(':') && !modules.is_empty()));
    }

    #[test]
    fn known_artifacts() {
        assert_eq!(modules("org.bouncycastle:bcprov-jdk18on").unwrap().names, ["org.bouncycastle"]);
        assert!(modules("com.google.code.gson:gson").unwrap().certain);
        assert!(!modules("org.apache.logging.log4j:log4j-core").unwrap().certain, "it works behind the api");
        assert!(modules("org.example:nothing").is_none());
    }

    #[test]
    fn guesses_from_group_and_artifact() {
        let guess = Guess::new("org.example:example-text-core").unwrap();
        assert!(guess.matches("org.example.text"));
        assert!(guess.matches("org.example.textual.x"));
        assert!(!guess.matches("org.example.lang"));
        assert!(!guess.matches("org.examples.text"));
        assert!(Guess::new("org.example.tool:tool").unwrap().matches("org.example.tool.sub"));
        assert!(Guess::new("example:tool").is_none());
    }
}
