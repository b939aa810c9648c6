require 'openssl'

# ruleid: weak-hash-password
hash = Digest::SHA1.hexdigest(password)
# ruleid: weak-hash-password
hash = Digest::MD5.hexdigest(salt + user.password)
# ok: weak-hash-password
hash = BCrypt::Password.create(password)
# ok: weak-hash-password
name = Digest::MD5.hexdigest(file)
# ruleid: weak-hash
mac = OpenSSL::HMAC.hexdigest('SHA1', key, data)
# ruleid: weak-hash
digest = OpenSSL::Digest.new('md5')
# ok: weak-hash
mac = OpenSSL::HMAC.hexdigest('SHA256', key, data)
# ok: weak-hash
digest = OpenSSL::Digest.new('sha512')
# ruleid: weak-cipher
cipher = OpenSSL::Cipher.new('des-ede3-cbc')
# ruleid: weak-cipher
cipher = OpenSSL::Cipher.new('AES-128-ECB')
# ok: weak-cipher
cipher = OpenSSL::Cipher.new('aes-256-gcm')
# ok: weak-cipher
cipher = OpenSSL::Cipher.new('chacha20-poly1305')
# ruleid: weak-random
token = rand(100_000).to_s
# ruleid: weak-random
user.reset_code = Random.rand(999_999)
# ok: weak-random
token = SecureRandom.hex(16)
# ok: weak-random
colour = rand(255)
# ruleid: weak-rsa-key
key = OpenSSL::PKey::RSA.new(1024)
# ruleid: weak-rsa-key
key = OpenSSL::PKey::RSA.generate(512)
# ok: weak-rsa-key
key = OpenSSL::PKey::RSA.new(3072)
# ok: weak-rsa-key
key = OpenSSL::PKey::RSA.generate(2048)
# ruleid: hardcoded-secret
token = JWT.encode(claims, 'example-signing-secret', 'HS256')
# ruleid: hardcoded-secret
config.secret_key_base = 'example-secret-key-base'
# ok: hardcoded-secret
token = JWT.encode(claims, ENV.fetch('JWT_SECRET'), 'HS256')
# ok: hardcoded-secret
config.secret_key_base = ENV['SECRET_KEY_BASE']
# ruleid: jwt-not-verified
claims = JWT.decode(token, nil, false)
# ruleid: jwt-not-verified
token = JWT.encode(claims, nil, 'none')
# ok: jwt-not-verified
claims = JWT.decode(token, key, true, { algorithm: 'RS256' })
# ok: jwt-not-verified
token = JWT.encode(claims, key, 'RS256')
