# rack-cors before an application of Rack, served by puma.
require "json"
require "rack"
require "rack/cors"
require "puma"
require "puma/configuration"
require "puma/launcher"

config = JSON.parse(File.read(ARGV[0]))
if config["allow_private_network"]
  puts "rack-cors has no option for private network access"
  exit 64
end

# The README writes a pattern with both anchors.
pattern = config["allow_origin_regex"]
ORIGINS = config["allow_origins"] + (pattern ? [/\A(?:#{pattern})\z/] : [])
OPTIONS = {
  headers: config["allow_headers"].include?("*") ? :any : config["allow_headers"],
  methods: config["allow_methods"].include?("*") ? :any : config["allow_methods"].map { |name| name.downcase.to_sym },
  expose: config["expose_headers"],
  credentials: config["allow_credentials"],
  max_age: config["max_age"],
}

application = lambda do |env|
  text = { "content-type" => "text/plain" }
  case [env["REQUEST_METHOD"], env["PATH_INFO"]]
  in ["GET" | "OPTIONS", "/options"] then [200, text.merge("allow" => "GET, OPTIONS"), ["own"]]
  in ["OPTIONS", _] then [405, { "allow" => "GET, HEAD, POST, PUT, PATCH, DELETE" }, []]
  in [_, "/error"] then [500, text, ["error"]]
  in ["HEAD", _] then [200, text, []]
  else [200, text, ["hello"]]
  end
end

begin
  app = Rack::Builder.app do
    use Rack::Cors do
      allow do
        origins(*ORIGINS)
        resource "*", **OPTIONS
      end
    end
    run application
  end
rescue StandardError => problem
  puts "rack-cors refuses this configuration: #{problem.message}"
  exit 64
end

puma = Puma::Configuration.new do |user|
  user.bind "tcp://127.0.0.1:#{ARGV[1]}"
  user.app app
  user.threads 1, 4
  user.quiet
  user.environment "production"
end
Puma::Launcher.new(puma, events: Puma::Events.strings).run
