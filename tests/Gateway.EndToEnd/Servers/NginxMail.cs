namespace Gateway.EndToEnd;

/// <summary>
/// A real nginx as a mail proxy in front of Gateway: it tells by XCLIENT who its client is, with the name that it has confirmed itself. It
/// connects from 127.0.0.1.
/// </summary>
internal sealed class NginxMail : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private NginxMail(ServerProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static async Task<NginxMail> StartAsync(string folder, int gatewayPort, int dnsPort)
    {
        var (port, http) = (FreePort.Next(), FreePort.Next());
        await File.WriteAllTextAsync($"{folder}/nginx.conf", $$"""
            load_module /usr/lib/nginx/modules/ngx_mail_module.so;
            daemon off;
            master_process off;
            pid {{folder}}/nginx.pid;
            error_log stderr info;
            events { worker_connections 256; }
            mail {
              server_name nginx.test;
              auth_http 127.0.0.1:{{http}}/where;
              resolver 127.0.0.1:{{dnsPort}} ipv6=off;
              server {
                listen 127.0.0.1:{{port}};
                protocol smtp;
                smtp_auth none;
                xclient on;
              }
            }
            http {
              access_log off;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              server {
                listen 127.0.0.1:{{http}};
                location /where {
                  add_header Auth-Status OK;
                  add_header Auth-Server 127.0.0.1;
                  add_header Auth-Port {{gatewayPort}};
                  return 204;
                }
              }
            }

            """);
        var nginx = new NginxMail(new(Tools.Nginx, "-c", $"{folder}/nginx.conf", "-p", folder), port);
        return await Poll.ReadyAsync(nginx, () => nginx._process.ListensAsync(port, http));
    }

    public string Output => _process.Output;

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
