require 'erb'

class PagesController < ApplicationController
  VIEWS = %w[home about].freeze

  def show
    # ruleid: template-injection
    @html = ERB.new("<p>#{params[:text]}</p>").result
    # ruleid: template-injection
    render inline: "<p>Hello #{params[:name]}</p>"
    # ok: template-injection
    @safe = ERB.new('<p><%= text %></p>').result_with_hash(text: params[:text])
    # ok: template-injection
    render inline: '<p>Hello <%= @name %></p>'
  end

  def view
    # ruleid: dynamic-render-path
    render params[:view]
    # ruleid: dynamic-render-path
    render file: "/srv/pages/#{params[:page]}"
    # ok: dynamic-render-path
    render :home
    # ok: dynamic-render-path
    render json: { name: params[:name] }
    name = params[:name]
    # ok: dynamic-render-path
    render name if VIEWS.include?(name)
  end
end
