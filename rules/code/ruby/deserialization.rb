class StateController < ApplicationController
  def restore
    # ruleid: unsafe-deserialization
    @a = Marshal.load(Base64.decode64(cookies[:state]))
    # ruleid: unsafe-deserialization
    @b = YAML.load(params[:settings])
    # ruleid: unsafe-deserialization
    @c = YAML.unsafe_load(request.body.read)
    # ok: unsafe-deserialization
    @d = YAML.safe_load(params[:settings])
    # ok: unsafe-deserialization
    @e = JSON.parse(request.body.read)
    # ok: unsafe-deserialization
    @f = YAML.load(File.read('config/settings.yml'))
  end
end
