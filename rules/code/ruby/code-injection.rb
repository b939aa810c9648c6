class CalcController < ApplicationController
  ACTIONS = %w[publish archive].freeze
  MODELS = { 'user' => User, 'item' => Item }.freeze

  def calc
    # ruleid: code-injection
    @value = eval(params[:expression])
    # ruleid: code-injection
    @item.instance_eval("@#{params[:name]}")
    # ok: code-injection
    @sum = eval('1 + 2')
    # ok: code-injection
    @data = JSON.parse(params[:data])
  end

  def act
    # ruleid: method-from-request
    @item.send(params[:action_name])
    # ruleid: method-from-request
    @item.public_send("#{params[:what]}_now")
    # ok: method-from-request
    @item.public_send(:publish, params[:note])
    action = params[:event]
    if ACTIONS.include?(action)
      # ok: method-from-request
      @item.public_send(action)
    end
  end

  def build
    # ruleid: class-from-request
    @one = params[:type].constantize.new
    # ruleid: class-from-request
    @two = Object.const_get(params[:type])
    # ok: class-from-request
    @three = MODELS.fetch('user').new
    # ok: class-from-request
    @four = 'User'.constantize
  end
end
