!Gem::Specification.new do |s|
  s.name = 'own'.freeze
  s.add_dependency(%q<json>.freeze, ['~> 2.0'])
end
