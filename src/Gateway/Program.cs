using Gateway.Cli;

return await Commands.RunAsync(args);
