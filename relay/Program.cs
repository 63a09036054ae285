using Tunnel.Relay.Cli;

return await RelayCommand.Create().Parse(args).InvokeAsync();
