# Plack::Middleware::CrossOrigin before a PSGI application, served by HTTP::Server::PSGI.
use strict;
use warnings;
use HTTP::Server::PSGI;
use JSON::PP qw(decode_json);
use Plack::Middleware::CrossOrigin;

my ($path, $port) = @ARGV;
open my $file, '<', $path or die "$path: $!";
my $config = decode_json(do { local $/; <$file> });

sub lacks {
    print "Plack::Middleware::CrossOrigin has no $_[0]\n";
    exit 64;
}
lacks('pattern for origins') if defined $config->{allow_origin_regex};
lacks('option for private network access') if $config->{allow_private_network};

my $application = sub {
    my $env  = shift;
    my @text = ('Content-Type' => 'text/plain');
    my ($method, $where) = @$env{qw(REQUEST_METHOD PATH_INFO)};
    return [200, [@text, Allow => 'GET, OPTIONS'], ['own']] if $where eq '/options';
    return [405, [Allow => 'GET, HEAD, POST, PUT, PATCH, DELETE'], []] if $method eq 'OPTIONS';
    return [500, \@text, ['error']] if $where eq '/error';
    return [200, \@text, $method eq 'HEAD' ? [] : ['hello']];
};

# An origin that is not allowed may still reach the application, without headers of CORS.
my $app = Plack::Middleware::CrossOrigin->wrap(
    $application,
    origins             => $config->{allow_origins},
    methods             => $config->{allow_methods},
    headers             => $config->{allow_headers},
    expose_headers      => $config->{expose_headers},
    credentials         => $config->{allow_credentials} ? 1 : 0,
    max_age             => $config->{max_age},
    continue_on_failure => 1,
);
HTTP::Server::PSGI->new(host => '127.0.0.1', port => $port, timeout => 30)->run($app);
