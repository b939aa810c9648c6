require 'sinatra'

class HelloController < ApplicationController
  def hello
    # ruleid: xss-unescaped
    @greeting = "<b>#{params[:name]}</b>".html_safe
    # ruleid: xss-unescaped
    @text = raw(params[:text])
    # ok: xss-unescaped
    @safe = "<b>#{ERB::Util.h(params[:name])}</b>".html_safe
    # ok: xss-unescaped
    @fixed = '<b>hello</b>'.html_safe
    # ok: xss-unescaped
    @clean = raw(sanitize(params[:text]))
  end
end

get '/hello' do
  # ruleid: xss-reflected
  body "<p>#{params[:name]}</p>"
  # ruleid: xss-reflected
  halt 404, "<p>no page #{params[:page]}</p>"
  # ok: xss-reflected
  body "<p>#{Rack::Utils.escape_html(params[:name])}</p>"
  # ok: xss-reflected
  halt 404, '<p>no such page</p>'
end
