require 'net/http'
require 'open-uri'

class ProxyController < ApplicationController
  HOSTS = %w[a.example b.example].freeze

  def fetch
    # ruleid: ssrf
    @a = Net::HTTP.get(URI(params[:url]))
    # ruleid: ssrf
    @b = URI.open(params[:feed]).read
    address = "http://#{params[:host]}/status"
    # ruleid: ssrf
    @c = HTTParty.get(address)
    # ruleid: ssrf
    @d = Faraday.post(params[:callback], 'done')
    # ok: ssrf
    @e = HTTParty.get("https://api.example/users/#{params[:id]}")
    # ok: ssrf
    @f = Faraday.post('https://api.example/users', params[:user].to_json)
  end

  def checked
    host = params[:host]
    return head(:bad_request) unless HOSTS.include?(host)
    # ok: ssrf
    @g = HTTParty.get("https://#{host}/status")
  end
end
