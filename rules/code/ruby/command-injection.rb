require 'open3'
require 'shellwords'

class ToolsController < ApplicationController
  def run
    # ruleid: command-injection
    system("ping -c 1 #{params[:host]}")
    # ruleid: command-injection
    out = `nslookup #{params[:name]}`
    # ruleid: command-injection
    %x(whois #{params[:name]})
    file = params[:file]
    # ruleid: command-injection
    Open3.capture3("convert #{file} out.png")
    # ok: command-injection
    system('ping', '-c', '1', params[:host])
    # ok: command-injection
    system("ping -c 1 #{Shellwords.escape(params[:host])}")
    # ok: command-injection
    count = `head -n #{params[:count].to_i} /var/log/app.log`
    # ok: command-injection
    Open3.capture3('convert', file, 'out.png')
    render plain: out + count
  end

  def read
    # ruleid: kernel-open
    open(params[:file]) { |f| f.read }
    # ruleid: kernel-open
    IO.read(params[:file])
    # ok: kernel-open
    open('/srv/files/list.txt') { |f| f.read }
    # ok: kernel-open
    File.open("/srv/files/#{File.basename(params[:file])}")
  end

  def archive
    pack(params[:directory])
  end

  private

  def pack(directory)
    # deepruleid: command-injection
    system("tar czf backup.tgz #{directory}")
  end
end
