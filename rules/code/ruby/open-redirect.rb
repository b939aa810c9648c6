class LoginController < ApplicationController
  TARGETS = %w[/home /orders].freeze

  def done
    # ruleid: open-redirect
    redirect_to params[:next]
    target = params[:return_to] || root_path
    # ruleid: open-redirect
    redirect_to(target, allow_other_host: true)
    # ruleid: open-redirect
    redirect_to "https://#{params[:host]}/welcome"
    # ok: open-redirect
    redirect_to user_path(params[:id])
    # ok: open-redirect
    redirect_to "/users/#{params[:id]}"
    # ok: open-redirect
    redirect_to url_from(params[:next]) || root_path
    # ok: open-redirect
    redirect_to action: :show, id: params[:id]
  end

  def listed
    target = params[:next]
    return redirect_to(root_path) unless TARGETS.include?(target)
    # ok: open-redirect
    redirect_to target
  end
end
