class FilesController < ApplicationController
  ROOT = '/srv/files'.freeze

  def show
    # ruleid: path-traversal
    @text = File.read("/srv/files/#{params[:name]}")
    path = File.join(ROOT, params[:name])
    # ruleid: path-traversal
    File.open(path, 'w') { |f| f.write('x') }
    # ruleid: path-traversal
    FileUtils.rm_rf(Rails.root.join('tmp', params[:name]))
    # ok: path-traversal
    @safe = File.read(File.join(ROOT, File.basename(params[:name])))
    # ok: path-traversal
    File.write('/srv/files/last.txt', params[:text])
    # ruleid: path-traversal-send-file
    send_file "/srv/files/#{params[:name]}"
    # ruleid: path-traversal-send-file
    send_file(path, disposition: 'inline')
    # ok: path-traversal-send-file
    send_file File.join(ROOT, File.basename(params[:name]))
    # ok: path-traversal-send-file
    send_file '/srv/files/terms.pdf', filename: params[:title]
  end

  def checked
    path = File.expand_path(params[:name], ROOT)
    return head(:forbidden) unless path.start_with?(ROOT + '/')
    # ok: path-traversal
    @text = File.read(path)
  end

  def load
    read(params[:name])
  end

  private

  def read(name)
    # deepruleid: path-traversal
    File.read(File.join(ROOT, name))
  end
end
