import os

import jinja2
from flask import Flask
from jinja2 import select_autoescape

app = Flask(__name__)
# ruleid: flask-debug
app.run(debug=True)
# ruleid: flask-debug
app.debug = True
# ok: flask-debug
app.run(debug=bool(os.getenv("DEVELOPMENT")))
# ok: flask-debug
app.run()

# ruleid: jinja-autoescape-off
loose = jinja2.Environment(autoescape=False)
# ruleid: jinja-autoescape-off
unset = jinja2.Environment(loader=jinja2.FileSystemLoader("templates"))
# ok: jinja-autoescape-off
strict = jinja2.Environment(autoescape=True)
# ok: jinja-autoescape-off
chosen = jinja2.Environment(autoescape=select_autoescape())
