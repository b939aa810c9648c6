require 'nokogiri'
require 'libxml'

# ruleid: xxe-nokogiri
document = Nokogiri::XML(text) { |config| config.noent }
# ruleid: xxe-nokogiri
other = Nokogiri::XML(text, nil, nil, Nokogiri::XML::ParseOptions::NOENT | Nokogiri::XML::ParseOptions::NONET)
# ok: xxe-nokogiri
safe = Nokogiri::XML(text)
# ok: xxe-nokogiri
strict = Nokogiri::XML(text) { |config| config.strict.nonet }
# ruleid: xxe-libxml
LibXML::XML.default_substitute_entities = true
# ruleid: xxe-libxml
LibXML::XML.default_load_external_dtd = true
# ok: xxe-libxml
LibXML::XML.default_substitute_entities = false
# ok: xxe-libxml
LibXML::XML.default_load_external_dtd = false
