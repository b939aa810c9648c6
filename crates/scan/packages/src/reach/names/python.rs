//! Python: distributions and the modules that they install. The two are named independently; PEP 503 makes only the
//! former equal.

use super::Modules;
use crate::Ecosystem;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Top-level modules of the standard library, of any version since 2.7, that no distribution of today takes over.
const STANDARD: &str = "__future__ __main__ _thread abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit \
    audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections \
    colorsys compileall concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses \
    datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp \
    fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq \
    hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale \
    logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt \
    ntpath nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform \
    plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri \
    random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site \
    smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string \
    stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap \
    this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing \
    unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc \
    zipapp zipfile zipimport zlib zoneinfo StringIO cStringIO cPickle urllib2 urlparse httplib ConfigParser Queue Tkinter \
    __builtin__ HTMLParser Cookie cookielib commands thread sets md5 sha new htmlentitydefs";

/// Distributions whose modules have other names: `distribution module…`, a line each.
const OTHER_NAMES: &str = "
absl-py absl
adafruit-blinka board busio digitalio
algoliasearch algoliasearch
antlr4-python3-runtime antlr4
apache-airflow airflow
apache-beam apache_beam
apache-flink pyflink
apache-superset superset
appnope appnope
argon2-cffi argon2
asgiref asgiref
attrs attr attrs
audioop-lts audioop
auth0-python auth0
authlib authlib
aws-lambda-powertools aws_lambda_powertools
aws-sam-translator samtranslator
aws-xray-sdk aws_xray_sdk
awscli awscli
azure-common azure.common
azure-core azure.core
azure-identity azure.identity
azure-keyvault-secrets azure.keyvault.secrets
azure-storage-blob azure.storage.blob
backports-zoneinfo backports.zoneinfo
bcrypt bcrypt
beautifulsoup beautifulsoup bs4
beautifulsoup4 bs4
biopython Bio
boto boto
bottle bottle
brotli brotli
brotlipy brotli
catalogue catalogue
cfn-lint cfnlint
clickhouse-driver clickhouse_driver
cloudflare CloudFlare cloudflare
confluent-kafka confluent_kafka
couchdb couchdb
cupy-cuda11x cupy
cupy-cuda12x cupy
cx-oracle cx_Oracle
cython Cython cython pyximport
databricks-sdk databricks.sdk
databricks-sql-connector databricks.sql
datadog datadog
discord-py discord
dj-database-url dj_database_url
django django
django-allauth allauth
django-appconf appconf
django-autocomplete-light dal
django-celery-beat django_celery_beat
django-ckeditor ckeditor ckeditor_uploader
django-compressor compressor
django-cors-headers corsheaders
django-crispy-forms crispy_forms
django-csp csp
django-debug-toolbar debug_toolbar
django-environ environ
django-extensions django_extensions
django-filer filer
django-filter django_filters
django-grappelli grappelli
django-guardian guardian
django-haystack haystack
django-health-check health_check
django-helpdesk helpdesk
django-hijack hijack
django-import-export import_export
django-jazzmin jazzmin
django-markdownx markdownx
django-model-utils model_utils
django-modelcluster modelcluster
django-mptt mptt
django-nested-admin nested_admin
django-ninja ninja
django-oauth-toolkit oauth2_provider
django-oscar oscar
django-otp django_otp
django-permissionedforms permissionedforms
django-phonenumber-field phonenumber_field
django-pipeline pipeline
django-polymorphic polymorphic
django-ranged-response ranged_fileresponse
django-ratelimit ratelimit django_ratelimit
django-redis django_redis
django-rest-framework rest_framework
django-rest-knox knox
django-reversion reversion
django-rq django_rq
django-s3file s3file
django-select2 django_select2
django-simple-captcha captcha
django-simple-history simple_history
django-social-auth social_auth
django-storages storages
django-tables2 django_tables2
django-taggit taggit
django-tastypie tastypie
django-tinymce tinymce
django-treebeard treebeard
django-two-factor-auth two_factor
django-unicorn django_unicorn
django-user-accounts account
django-waffle waffle
django-webpack-loader webpack_loader
djangorestframework rest_framework
djangorestframework-jwt rest_framework_jwt
djangorestframework-simplejwt rest_framework_simplejwt
djangorestframework-xml rest_framework_xml
djoser djoser
dnspython dns
docker docker
docker-py docker
docopt docopt
docutils docutils
drf-jwt rest_framework_jwt
drf-spectacular drf_spectacular
drf-yasg drf_yasg
dulwich dulwich
ecdsa ecdsa
elasticsearch-dsl elasticsearch_dsl
email-validator email_validator
enum34 enum
esptool esptool
ez-setup ez_setup
facebook-sdk facebook
fastapi-users fastapi_users
ffmpeg-python ffmpeg
fire fire
firebase-admin firebase_admin
flask-admin flask_admin
flask-appbuilder flask_appbuilder
flask-bcrypt flask_bcrypt
flask-caching flask_caching
flask-cors flask_cors
flask-jwt-extended flask_jwt_extended
flask-login flask_login
flask-migrate flask_migrate
flask-restful flask_restful
flask-restplus flask_restplus
flask-restx flask_restx
flask-security flask_security
flask-security-too flask_security
flask-session flask_session
flask-socketio flask_socketio
flask-sqlalchemy flask_sqlalchemy
flask-wtf flask_wtf
fonttools fontTools
fuzzywuzzy fuzzywuzzy
gdal osgeo gdal ogr osr
geopy geopy
gevent-websocket geventwebsocket
git-python git
gitpython git
google-api-core google.api_core
google-api-python-client googleapiclient apiclient
google-auth google.auth google.oauth2
google-auth-httplib2 google_auth_httplib2
google-auth-oauthlib google_auth_oauthlib
google-cloud-aiplatform google.cloud.aiplatform vertexai
google-cloud-bigquery google.cloud.bigquery
google-cloud-core google.cloud
google-cloud-firestore google.cloud.firestore google.cloud.firestore_v1
google-cloud-logging google.cloud.logging
google-cloud-pubsub google.cloud.pubsub google.cloud.pubsub_v1
google-cloud-secret-manager google.cloud.secretmanager
google-cloud-speech google.cloud.speech
google-cloud-storage google.cloud.storage
google-cloud-translate google.cloud.translate
google-cloud-vision google.cloud.vision
google-genai google.genai
google-generativeai google.generativeai
googleapis-common-protos google.api google.rpc google.type google.logging
graphene-django graphene_django
graphql-core graphql
grpc-google-iam-v1 google.iam
grpcio grpc
grpcio-health-checking grpc_health
grpcio-reflection grpc_reflection
grpcio-status grpc_status
grpcio-tools grpc_tools
gunicorn gunicorn
h5py h5py
hdfs hdfs
html5lib html5lib
httpx-sse httpx_sse
huggingface-hub huggingface_hub
imageio-ffmpeg imageio_ffmpeg
imbalanced-learn imblearn
imgaug imgaug
influxdb-client influxdb_client
intel-tensorflow tensorflow
ipython IPython
jaeger-client jaeger_client
jaraco-classes jaraco.classes
jaraco-context jaraco.context
jaraco-functools jaraco.functools
jaraco-text jaraco.text
jinja2 jinja2
jinja2-cli jinja2cli
js2py js2py
jupyter-client jupyter_client
jupyter-core jupyter_core
jupyter-server jupyter_server
jwcrypto jwcrypto
kafka-python kafka
keras-preprocessing keras_preprocessing
kubernetes kubernetes
launchpadlib launchpadlib
ldap3 ldap3
levenshtein Levenshtein
libpass passlib
libsass sass sassutils
line-bot-sdk linebot
lxml lxml
lxml-html-clean lxml_html_clean
m2crypto M2Crypto
mako mako
markdown markdown
markdown-it-py markdown_it
markdown2 markdown2
markupsafe markupsafe
mecab-python3 MeCab
memory-profiler memory_profiler
mercurial mercurial hgext
microsoft-kiota-abstractions kiota_abstractions
mkdocs-material material
msgpack msgpack
msgpack-python msgpack
mysql-connector mysql
mysql-connector-python mysql.connector
mysql-python MySQLdb _mysql
mysqlclient MySQLdb
ndg-httpsclient ndg.httpsclient
netcdf4 netCDF4
newrelic newrelic
nvidia-ml-py pynvml
oauth2 oauth2
office365-rest-python-client office365
onnxruntime-gpu onnxruntime
openai openai
opencv-contrib-python cv2
opencv-contrib-python-headless cv2
opencv-python cv2
opencv-python-headless cv2
opensearch-py opensearchpy
opentelemetry-api opentelemetry
opentelemetry-sdk opentelemetry.sdk
paddlepaddle paddle
paho-mqtt paho
pandas-datareader pandas_datareader
parallel-ssh pssh
paste paste
pastedeploy paste.deploy
pdfminer-six pdfminer
pdm-backend pdm.backend
phonenumbers phonenumbers
pillow PIL
pillow-heif pillow_heif
pillow-simd PIL
pip pip
plone-rest plone.rest
poetry-core poetry.core
posthog posthog
prometheus-client prometheus_client
proto-plus proto
protobuf google.protobuf google._upb
psycopg psycopg
psycopg2 psycopg2
psycopg2-binary psycopg2
py-cord discord
pyasn1-modules pyasn1_modules
pybluez bluetooth
pycairo cairo
pycrypto Crypto
pycryptodome Crypto
pycryptodomex Cryptodome
pydantic-settings pydantic_settings
pydispatcher pydispatch
pydrive2 pydrive2
pyenchant enchant
pygithub github
pygments pygments
pygobject gi
pyinstaller PyInstaller
pyjwt jwt
pykerberos kerberos
pykmip kmip
pylons pylons
pymdown-extensions pymdownx
pymongo pymongo bson gridfs
pymssql pymssql
pymupdf fitz pymupdf
pymysql pymysql
pynacl nacl
pyopengl OpenGL
pyopenssl OpenSSL
pypdf2 PyPDF2
pypdf4 PyPDF4
pyperclip pyperclip
pypiwin32 win32api win32con win32com pywintypes win32file win32gui
pypydispatcher pydispatch
pyqt5 PyQt5
pyqt6 PyQt6
pyramid pyramid
pysaml2 saml2
pyscreeze pyscreeze
pyserial serial
pyshark pyshark
pyside6 PySide6
pysmb smb nmb
pysocks socks sockshandler
pyspark pyspark
pytest pytest _pytest
python-apt apt apt_pkg
python-barcode barcode
python-bidi bidi
python-binance binance
python-box box
python-bugzilla bugzilla
python-dateutil dateutil
python-decouple decouple
python-docx docx
python-dotenv dotenv
python-editor editor
python-engineio engineio
python-escpos escpos
python-etcd etcd
python-frontmatter frontmatter
python-gitlab gitlab
python-gnupg gnupg
python-http-client python_http_client
python-jenkins jenkins
python-jose jose
python-json-logger pythonjsonlogger
python-jsonrpc-server pyls_jsonrpc
python-keystoneclient keystoneclient
python-ldap ldap ldif ldapurl slapdtest
python-levenshtein Levenshtein
python-libnmap libnmap
python-louvain community
python-lsp-server pylsp
python-magic magic
python-memcached memcache
python-multipart multipart python_multipart
python-nmap nmap
python-novaclient novaclient
python-openid openid
python-pam pam
python-pptx pptx
python-rapidjson rapidjson
python-semantic-release semantic_release
python-slugify slugify
python-snappy snappy
python-social-auth social
python-socketio socketio
python-sql sql
python-statemachine statemachine
python-telegram-bot telegram
python-twitter twitter
python-whois whois
python-xmp-toolkit libxmp
python3-openid openid
python3-saml onelogin
pytorch-lightning pytorch_lightning
pyusb usb
pywin32 win32api win32con win32com pywintypes win32file win32gui win32service win32event
pywinpty winpty
pyyaml yaml _yaml
pyzmq zmq
qdrant-client qdrant_client
rasterio rasterio
ray ray
readability-lxml readability
recommonmark recommonmark
redis-py-cluster rediscluster
reportlab reportlab
requests-kerberos requests_kerberos
requests-oauthlib requests_oauthlib
requests-toolbelt requests_toolbelt
rfc3339-validator rfc3339_validator
rpi-gpio RPi
rsa rsa
ruamel-yaml ruamel.yaml ruamel_yaml
s3transfer s3transfer
scikit-bio skbio
scikit-image skimage
scikit-learn sklearn
scikit-optimize skopt
scikit-surprise surprise
semantic-kernel semantic_kernel
sendgrid sendgrid
sentence-transformers sentence_transformers
sentry-sdk sentry_sdk
setuptools setuptools pkg_resources
setuptools-scm setuptools_scm
simple-salesforce simple_salesforce
simpleeval simpleeval
slack-bolt slack_bolt
slack-sdk slack_sdk slack
slackclient slack slackclient
smmap smmap
snowflake-connector-python snowflake.connector
snowflake-sqlalchemy snowflake.sqlalchemy
social-auth-app-django social_django
social-auth-core social_core
spacy spacy
speechrecognition speech_recognition
sphinx-rtd-theme sphinx_rtd_theme
sqlalchemy sqlalchemy
sqlalchemy-utils sqlalchemy_utils
sse-starlette sse_starlette
stomp-py stomp
streamlit streamlit
suds-community suds
suds-jurko suds
tb-nightly tensorboard
telethon telethon
tencentcloud-sdk-python tencentcloud
tensorflow tensorflow
tensorflow-cpu tensorflow
tensorflow-gpu tensorflow
terminado terminado
tf-nightly tensorflow
torch torch
torchvision torchvision
tree-sitter tree_sitter
trytond trytond
twisted twisted
typing-extensions typing_extensions
ujson ujson
umap-learn umap
unidecode unidecode
unittest-xml-reporting xmlrunner
uwsgi uwsgi
wagtail wagtail
waitress waitress
web-py web
webapp2 webapp2
webob webob
websocket-client websocket
werkzeug werkzeug
whoosh whoosh
wxpython wx
xlsxwriter xlsxwriter
xmlschema xmlschema
yandex-cloud-sdk yandexcloud
youtube-dl youtube_dl
yt-dlp yt_dlp
zc-buildout zc.buildout
zope-component zope.component
zope-event zope.event
zope-interface zope.interface
zope-schema zope.schema
zopfli zopfli
zstandard zstandard
";

/// Distributions whose module has the same name, with `_` for `-`.
const SAME_NAME: &str = "aiobotocore aiofiles aiohttp aiohttp-jinja2 aiomysql aiopg aioredis alabaster alembic altair aniso8601 \
    annotated-types ansible anthropic anyio appdirs apprise apscheduler arrow asn1crypto astroid astropy asttokens \
    async-timeout asyncpg asyncssh attrdict audioread autobahn automat avro babel backcall backoff bandit billiard black bleach \
    blinker bokeh boltons boto3 botocore bs4 buildbot cachecontrol cachetools calibreweb cattrs celery cerberus certbot \
    certifi cffi chainer channels chardet charset-normalizer cheetah3 cherrypy chromadb cinder click \
    cloudpickle cobbler colorama colorlog conda construct cookiecutter coverage croniter cryptography cssselect cssutils \
    cvxopt cvxpy cycler dash dask datasets datasette deap decorator deepdiff deepspeed defusedxml deprecated diffoscope \
    dill diskcache distlib distributed dparse easydict ecdsa einops elasticsearch elasticsearch7 eth-abi eth-account \
    eventlet evdev exceptiongroup executing ezdxf faiss faker falcon fastapi fastavro fastparquet feedgen feedparser \
    filelock fiona flake8 flask flower folium frozenlist fs fsspec furl future gensim geopandas gevent gidgethub \
    gistyc glances gluon gluonnlp gpustat gql gradio graphene graphviz greenlet guardrails h11 h2 hiredis holidays horizon \
    hpack httpbin httpcore httplib2 httptools httpx hug humanfriendly humanize hvac hydra hypercorn hyperframe \
    hyperlink hypothesis idna ijson imageio imagesize importlib-metadata importlib-resources incremental \
    inflect inflection influxdb invoke ipaddress ipdb ipykernel ipywidgets isodate isort itsdangerous iterable-io jax jaxlib \
    jedi jellyfish jieba jira jmespath joblib joserfc json5 jsonpatch jsonpickle jsonpointer jsonschema jupyterhub jupyterlab jwt keras \
    keyring keystone keystonemiddleware kombu kornia langchain langchain-community langchain-core langgraph lark lazy-object-proxy \
    libcst librosa lightgbm lightning litellm llvmlite locust logbook loguru luigi lz4 mailman manilla marshmallow \
    matplotlib matrix-synapse mdurl mechanize mezzanine mistune mitmproxy mlflow mmcv mock modin moto more-itertools \
    motor mpmath msal msgspec multidict multiprocess mypy nanopb natsort nbconvert nbformat netaddr networkx \
    neutron nibabel nltk notebook nova numba numexpr numpy oauthlib octoprint odfpy onnx onnxruntime openpyxl optuna orjson \
    oslo-middleware osmnx outcome packaging pamqp pandas pandasai panel paramiko parse parsel parso passlib pathspec patsy \
    peewee pendulum pexpect pgpy pickleshare pika pikepdf piexif pint pkginfo platformdirs playwright plotly plumbum ply \
    polars pooch portalocker ppft prefect prettytable products prompt-toolkit propcache protego psutil ptyprocess pure-eval \
    pwntools pyarrow pyasn1 pybind11 pycares pycparser pycurl pydantic pydantic-core pydash pydicom pydub \
    pyfiglet pygame pyglet pylint pymemcache pymisp pyodbc pyotp pyparsing pypdf pyproj pyrad pyrsistent pysftp pysnmp \
    pystache pytesseract pythonnet pytz pyudev pyvips pyvista pywavelets quart qrcode rapidfuzz rdflib redis \
    referencing regex rembg requests requests-cache requests-mock responses restrictedpython retry retrying rfc3986 \
    rich roundup rpyc rq ryu s3fs sagemaker salt sanic scapy scipy scour scrapy seaborn selenium semver sentry setproctitle sh shap shapely \
    shortuuid simplejson six skops sleekxmpp slixmpp slowapi smart-open sniffio snowballstemmer sortedcontainers soupsieve \
    spotipy sqlfluff sqlglot sqlmodel sqlparse starlette statsmodels stripe structlog suds swift sympy tables \
    tablib tabulate tenacity tensorboard tensorboardx termcolor textdistance threadpoolctl thrift tifffile tiktoken \
    tinycss2 tinydb tokenizers toml tomli tomlkit toolz tornado tox tqdm traitlets transformers treq trio tritonclient trl turbogears2 \
    tweepy twilio twine typeguard typer typer-cli tzdata tzlocal ultralytics unstructured uritemplate uri-template urllib3 uvicorn \
    uvloop validators vcrpy vllm voluptuous vyper wandb watchdog watchfiles wcwidth weasyprint web3 webargs webencodings websockets \
    websockify wheel whitenoise wordcloud wrapt wtforms xarray xgboost xhtml2pdf xlrd xlwt xmlsec xmltodict xonsh yappi yarl yfinance \
    zeep zeroconf zict zipp zipstream-ng zlib-ng";

static STANDARD_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| STANDARD.split_ascii_whitespace().collect());

static TABLE: LazyLock<HashMap<&str, Vec<String>>> = LazyLock::new(|| {
    let mut table: HashMap<&str, Vec<String>> =
        SAME_NAME.split_ascii_whitespace().map(|name| (name, vec![name.replace('-', "_")])).collect();
    for line in OTHER_NAMES.lines() {
        let mut words = line.split_ascii_whitespace();
        if let Some(name) = words.next() {
            table.insert(name, words.map(str::to_owned).collect());
        }
    }
    table
});

/// Distributions that programs load by a name in their settings, or start as a command.
const BY_NAME_PREFIXES: &[&str] = &[
    "django-",
    "drf-",
    "djangorestframework-",
    "wagtail-",
    "pytest-",
    "sphinx",
    "flake8-",
    "mkdocs",
    "types-",
    "pylint-",
    "jupyter",
    "nvidia-",
    "opentelemetry-instrumentation",
    "opentelemetry-exporter",
    "tox",
    "pre-commit",
    "hatch",
];

/// Drivers, servers and commands, whole names.
const BY_NAME: &str = "gunicorn uvicorn uwsgi waitress hypercorn daphne meinheld gevent eventlet uvloop httptools black flake8 \
    mypy pylint isort ruff bandit coverage pip setuptools wheel twine psycopg psycopg2 psycopg2-binary pymysql mysqlclient cx-oracle \
    oracledb asyncpg aiosqlite aiomysql pyodbc pymssql whitenoise lxml html5lib openpyxl xlrd pyarrow fastparquet tables \
    brotli brotlipy cchardet h2 socksio pysocks certifi tzdata email-validator python-multipart itsdangerous \
    supervisor flower celery watchdog ipython notebook ipykernel argon2-cffi bcrypt pyopenssl cryptography \
    typing-extensions orjson ujson simplejson hiredis";

static BY_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| BY_NAME.split_ascii_whitespace().collect());

/// Words at the start and the end of distributions' names that their modules go without.
const AFFIXES: &[(&str, &str)] = &[
    ("django-", ""),
    ("python-", ""),
    ("python3-", ""),
    ("py-", ""),
    ("py", ""),
    ("", "-python"),
    ("", "-py"),
    ("", "-sdk"),
    ("", "-client"),
    ("", "-ng"),
    ("", "2"),
    ("", "3"),
    ("", "4"),
];

/// Whether a top-level module is the standard library's.
pub fn is_standard(module: &[u8]) -> bool {
    std::str::from_utf8(module).is_ok_and(|module| STANDARD_SET.contains(module))
}

/// Whether a distribution is often used without an import of it.
pub fn is_loaded_by_name(package: &str) -> bool {
    BY_NAMES.contains(package) || BY_NAME_PREFIXES.iter().any(|prefix| package.starts_with(prefix))
}

/// The modules of a distribution, by its normalised name; guesses are in lower case.
pub fn modules(package: &str) -> Modules {
    let package = Ecosystem::PyPi.normalise_name(package);
    if let Some(names) = TABLE.get(package.as_str()) {
        return Modules { names: names.clone(), certain: true };
    }
    let mut names = with_separators(&package);
    for (start, end) in AFFIXES {
        if let Some(bare) = package.strip_prefix(start).and_then(|rest| rest.strip_suffix(end))
            && bare.len() > 1
        {
            names.push(bare.replace('-', "_"));
        }
    }
    names.sort_unstable();
    names.dedup();
    Modules { names, certain: false }
}

/// Each dash as a dot (a namespace), as an underscore, or all left out.
fn with_separators(package: &str) -> Vec<String> {
    let parts: Vec<&str> = package.split('-').collect();
    let dashes = parts.len() - 1;
    if dashes == 0 || dashes > 4 {
        return vec![package.replace('-', "_"), package.replace('-', ".")];
    }
    let mut names: Vec<String> = (0..1u32 << dashes)
        .map(|dots| {
            let mut name = String::new();
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    name.push(if dots >> (index - 1) & 1 == 1 { '.' } else { '_' });
                }
                name.push_str(part);
            }
            name
        })
        .collect();
    names.push(parts.concat());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_table_are_normalised_and_once() {
        let mut seen = HashSet::new();
        let lines = OTHER_NAMES.lines().filter_map(|line| line.split_ascii_whitespace().next());
        for name in lines {
            assert_eq!(Ecosystem::PyPi.normalise_name(name), name);
            assert!(seen.insert(name), "{name} twice");
        }
        assert!(TABLE.values().all(|modules| !modules.is_empty()));
    }

    #[test]
    fn known_and_guessed_modules() {
        assert_eq!(modules("PyYAML"), Modules { names: vec!["yaml".into(), "_yaml".into()], certain: true });
        assert_eq!(modules("charset_normalizer").names, ["charset_normalizer"]);
        let guessed = modules("acme-cloud_thing");
        assert!(!guessed.certain);
        for name in ["acme_cloud_thing", "acme.cloud.thing", "acme.cloud_thing", "acmecloudthing"] {
            assert!(guessed.names.iter().any(|n| n == name), "{name}");
        }
        assert!(modules("python-acme").names.contains(&"acme".to_owned()));
        assert!(modules("django-acme").names.contains(&"acme".to_owned()));
        assert!(modules("pyacme").names.contains(&"acme".to_owned()));
    }
}
