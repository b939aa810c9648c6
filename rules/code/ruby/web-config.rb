class HooksController < ApplicationController
  # ruleid: csrf-skipped
  skip_before_action :verify_authenticity_token, only: [:create]
  # ok: csrf-skipped
  skip_before_action :authenticate_user!, only: [:create]

  def create
    # ruleid: mass-assignment
    @hook = Hook.new(params.require(:hook).permit!)
    # ruleid: mass-assignment
    @hook.update(params.to_unsafe_h)
    # ok: mass-assignment
    @hook = Hook.new(params.require(:hook).permit(:name, :url))
    # ok: mass-assignment
    @hook.update(name: params[:name])
    # ruleid: cookie-without-protection
    cookies[:sid] = { value: sid, httponly: false }
    # ruleid: cookie-without-protection
    cookies[:sid] = { value: sid, secure: false, httponly: true }
    # ok: cookie-without-protection
    cookies[:sid] = { value: sid, secure: true, httponly: true }
    # ok: cookie-without-protection
    cookies[:theme] = 'dark'
  end

  def search
    # ruleid: regex-injection
    @a = Regexp.new(params[:q])
    # ruleid: regex-injection
    @b = Regexp.new("^#{params[:q]}$", Regexp::IGNORECASE)
    # ok: regex-injection
    @c = Regexp.new(Regexp.escape(params[:q]))
    # ok: regex-injection
    @d = Regexp.new('^[a-z]+$')
    # ruleid: log-injection
    Rails.logger.info("search for #{params[:q]}")
    # ruleid: log-injection
    logger.warn('search for ' + params[:q])
    # ok: log-injection
    Rails.logger.info("search for #{params[:q].inspect}")
    # ok: log-injection
    Rails.logger.info('search')
  end
end

class PublicController < ApplicationController
  # ruleid: csrf-skipped
  protect_from_forgery with: :null_session
end

class FormController < ApplicationController
  # ok: csrf-skipped
  protect_from_forgery with: :exception
end

class Person < ApplicationRecord
  # ruleid: regex-line-anchors
  validates :mail, presence: true, format: { with: /^[^@]+@[^@]+$/ }
  # ruleid: regex-line-anchors
  validates_format_of :name, with: /^[a-z]+$/i
  # ok: regex-line-anchors
  validates :code, format: { with: /\A[A-Z]{3}\z/ }
  # ok: regex-line-anchors
  validates :title, presence: true
end

Rails.application.configure do
  # ruleid: force-ssl-off
  config.force_ssl = false
  # ruleid: debug-errors-shown
  config.consider_all_requests_local = true
  # ok: debug-errors-shown
  config.consider_all_requests_local = false
  # ok: force-ssl-off
  config.force_ssl = true
end

class Shop < Rails::Application
  # ruleid: force-ssl-off
  config.force_ssl = false
  # ok: force-ssl-off
  config.force_ssl = Rails.env.production?
  # ok: debug-errors-shown
  config.consider_all_requests_local = ENV['SHOW_ERRORS']
end

# ruleid: debug-errors-shown
set :show_exceptions, true
