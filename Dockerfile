# docker build -t gateway . && docker run -v ./gateway.json:/etc/gateway/gateway.json:ro --network host gateway
# With a port mapping in place of host networking, Docker's NAT may hide the clients' addresses: then no reverse DNS can be
# judged, and Gateway warns about it.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# Packages first: a change of code alone does not restore them again.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/Gateway.Dns/*.csproj src/Gateway.Dns/packages.lock.json src/Gateway.Dns/
COPY src/Gateway.Smtp/*.csproj src/Gateway.Smtp/packages.lock.json src/Gateway.Smtp/
COPY src/Gateway.Policy/*.csproj src/Gateway.Policy/packages.lock.json src/Gateway.Policy/
COPY src/Gateway.Server/*.csproj src/Gateway.Server/packages.lock.json src/Gateway.Server/
COPY src/Gateway.Lab/*.csproj src/Gateway.Lab/packages.lock.json src/Gateway.Lab/
COPY src/Gateway/*.csproj src/Gateway/packages.lock.json src/Gateway/
RUN dotnet restore src/Gateway --locked-mode

COPY config/ config/
COPY tests/Conversations/ tests/Conversations/
COPY src/ src/
RUN dotnet publish src/Gateway -c Release --no-restore -o /app

# Chiseled: no shell, no package manager, and the user "app" instead of root.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
USER $APP_UID

# An unprivileged port; listen there ("Endpoint": "0.0.0.0:2525") and map 25 to it.
EXPOSE 2525
STOPSIGNAL SIGTERM
# Whether it is alive: an outage of the DNS or of a smart host is no reason to start the container again ("health --ready" tells those).
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s CMD ["dotnet", "gateway.dll", "health", "--config", "/etc/gateway/gateway.json"]
ENTRYPOINT ["dotnet", "gateway.dll", "run", "--config", "/etc/gateway/gateway.json"]
