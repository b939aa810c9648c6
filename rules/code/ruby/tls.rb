http = Net::HTTP.new('api.example', 443)
http.use_ssl = true
# ruleid: tls-verification-off
http.verify_mode = OpenSSL::SSL::VERIFY_NONE
# ruleid: tls-verification-off
client = Faraday.new(url: 'https://api.example', ssl: { verify: false })
# ruleid: tls-verification-off
answer = HTTParty.get('https://api.example', verify: false)
# ok: tls-verification-off
http.verify_mode = OpenSSL::SSL::VERIFY_PEER
# ok: tls-verification-off
client = Faraday.new(url: 'https://api.example', ssl: { ca_file: '/etc/ssl/own.pem' })
# ok: tls-verification-off
answer = HTTParty.get('https://api.example')
